import assert from 'node:assert/strict';

import { tableIn } from './support/run.js';
import { scene, UI, type Scene } from './support/scene.js';

describe('kubectl multi-eni', function () {
  this.timeout(180_000);
  let lab: Scene;

  before('make pairs in several states', async () => {
    lab = await scene('reads');
  });

  describe('status', () => {
    it('has a row for each selected node, a column for each NodeENI, and the state of each pair', async () => {
      const { code, out } = await lab.plugin(['status']);

      const rows = tableIn(out, 'NODE').filter(({ NODE: name }) => name?.startsWith('reads'));
      assert.equal(code, 0);
      assert.deepEqual(
        rows.map(({ NODE: name }) => name),
        ['reads-1', 'reads-b'],
      );
      assert.match(rows[0]?.['READS'] ?? '', /^Attached eni-\w{8}$/);
      assert.equal(rows[0]?.['READS-LATE'], 'SlotConflict');
      assert.equal(rows[1]?.['READS'], 'ZoneMismatch');
      assert.match(out, /selected by no NodeENI/);
    });

    it('has more columns when wide, and all as JSON', async () => {
      const wide = await lab.plugin(['status', '-o', 'wide']);
      const json = await lab.plugin(['status', '-o', 'json']);

      const row = tableIn(wide.out, 'NODE').find(
        ({ NODE: node, NODEENI: name }) => node === 'reads-1' && name === 'reads',
      );
      const { pairs } = JSON.parse(json.out) as {
        pairs: { node: string; state: string; status?: { eniId?: string } }[];
      };
      const pair = pairs.find(({ node, state }) => node === 'reads-1' && state === 'Attached');
      assert.ok(pair?.status?.eniId !== undefined);
      assert.equal(row?.['ENI'], pair.status.eniId);
      assert.match(row['PRIVATE IP'] ?? '', /^10\./);
    });
  });

  describe('why', () => {
    it('explains a NodeENI, with what to do, the workflow, and when it looks again', async () => {
      const { code, out } = await lab.plugin(['why', 'reads']);

      assert.equal(code, 0);
      assert.match(out, /^NodeENI reads on node reads-b$/m);
      assert.match(
        out,
        /^ {2}eni +stops +ZoneMismatch: subnet-\w+ is in us-east-1a; the instance is in us-east-1b \(for \w+\)$/m,
      );
      assert.match(out, /^ +to do: no candidate subnet is in the node's zone/m);
      assert.match(out, /^ {2}workflow +eni:e2e:reads:reads-b \(running\)$/m);
      assert.match(out, /^ +looks again in \d+s$/m);
      assert.ok(out.includes(`${UI}/namespaces/multi-eni/workflows/eni:e2e:reads:reads-b\n`));
      assert.ok(out.indexOf('node reads-b') < out.indexOf('node reads-1'), 'trouble comes first');
    });

    it('explains a node, with who holds a slot', async () => {
      const { code, out } = await lab.plugin(['why', 'node/reads-1']);

      assert.equal(code, 0);
      assert.match(out, /^ {2}eni +ok +Attached: eni-\w+, 10\.\S+ \(for \w+\)$/m);
      assert.match(out, /^ {2}slot +stops +NodeENI reads holds device index 1 on network card 0/m);
    });

    it('explains why a node has nothing', async () => {
      const { code, out } = await lab.plugin(['why', 'reads-idle']);

      assert.equal(code, 0);
      assert.match(
        out,
        /^NodeENI reads on node reads-idle\n {2}selector +stops +the node does not carry scene=reads$/m,
      );
    });

    it('does without Temporal, and says so', async () => {
      const { code, out } = await lab.plugin(['why', 'reads'], { env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } });

      assert.equal(code, 0);
      assert.match(out, /ZoneMismatch/);
      assert.match(out, /^Without live state: Temporal at 127\.0\.0\.1:1 is not reached/m);
    });

    it('is JSON when that is wanted', async () => {
      const { out } = await lab.plugin(['why', 'nodeeni/reads', '-o', 'json']);

      const { pairs } = JSON.parse(out) as { pairs: { chain: { node: string; links: { verdict: string }[] } }[] };
      const blocked = pairs.find(({ chain }) => chain.node === 'reads-b');
      assert.equal(blocked?.chain.links.at(-1)?.verdict, 'stops');
    });

    it('of an unknown name is a failure', async () => {
      const { code, err } = await lab.plugin(['why', 'nobody']);

      assert.equal(code, 1);
      assert.match(err, /^error: there is no node and no NodeENI nobody$/m);
    });
  });

  describe('history', () => {
    it('has the activities of a pair, by its names', async () => {
      const { code, out } = await lab.plugin(['history', 'reads/reads-1']);

      const rows = tableIn(out, 'TIME');
      assert.equal(code, 0);
      assert.deepEqual(
        rows.map(({ ACTIVITY: activity, ATTEMPT: attempt, OUTCOME: outcome }) => [activity, attempt, outcome]),
        ['createEni', 'attachEni', 'verifyEni'].map((activity) => [activity, '1', 'completed']),
      );
      assert.match(out, /^Workflow eni:e2e:reads:reads-1, run \S+: running$/m);
    });

    it('takes the name of an Attachment, and gives JSON', async () => {
      const { out } = await lab.plugin(['history', 'reads-1.0.1', '-o', 'json']);

      const { workflowId, activities } = JSON.parse(out) as { workflowId: string; activities: { activity: string }[] };
      assert.equal(workflowId, 'eni:e2e:reads:reads-1');
      assert.equal(activities[0]?.activity, 'createEni');
    });

    it('of a pair that never was is a failure', async () => {
      const { code, err } = await lab.plugin(['history', 'reads/nobody']);

      assert.equal(code, 1);
      assert.match(err, /Temporal has no workflow eni:e2e:reads:nobody/);
    });

    it('needs Temporal, and says where it looked', async () => {
      const { code, err } = await lab.plugin(['history', 'reads/reads-1'], {
        env: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
      });

      assert.equal(code, 1);
      assert.match(err, /Temporal at 127\.0\.0\.1:1 is not reached/);
    });
  });

  describe('completion', () => {
    it('offers what the cluster has, in the form in which kubectl asks', async () => {
      const names = await lab.plugin(['__complete', 'why', 'reads-']);
      const subjects = await lab.plugin(['__complete', 'pause', 'nodeeni/reads']);
      const pairs = await lab.plugin(['__complete', 'history', 'reads-1']);

      assert.equal(names.out, 'reads-late\nreads-1\nreads-b\nreads-idle\n:4\n');
      assert.equal(subjects.out, 'nodeeni/reads\nnodeeni/reads-late\n:4\n');
      assert.equal(pairs.out, 'reads-1.0.1\n:4\n');
    });
  });
});
