import assert from 'node:assert/strict';

import { CreateNetworkInterfaceCommand } from '@aws-sdk/client-ec2';

import { eventually } from '../../dev/stack/eventually.js';
import { given } from '../../dev/stack/seed.js';
import { tableIn } from './support/run.js';
import { scene, type Scene } from './support/scene.js';

const PAUSED = 'networking.k8s.aws/paused';

describe('kubectl multi-eni', function () {
  this.timeout(180_000);
  let lab: Scene;

  before('make pairs in several states', async () => {
    lab = await scene('acts');
  });

  describe('pause and resume', () => {
    it('set and take off the annotation of a NodeENI and of a node, and nothing else', async () => {
      const subjects = ['nodeeni/acts-late', 'node/acts-idle'];
      const before = await annotations();

      const paused = await lab.plugin(['pause', ...subjects]);
      const during = await annotations();
      const again = await lab.plugin(['pause', ...subjects]);
      const resumed = await lab.plugin(['resume', ...subjects]);

      assert.deepEqual([paused.code, again.code, resumed.code], [0, 0, 0]);
      assert.match(paused.out, /^nodeeni\/acts-late paused: .*\nnode\/acts-idle paused: .*\n$/);
      assert.deepEqual(
        during,
        before.map((of) => ({ ...of, [PAUSED]: 'true' })),
      );
      assert.match(again.out, /^nodeeni\/acts-late is paused already$/m);
      assert.match(resumed.out, /^node\/acts-idle resumed$/m);
      assert.deepEqual(await annotations(), before);
    });

    it('want to know which of both is meant, and that it exists', async () => {
      const bare = await lab.plugin(['pause', 'acts']);
      const nobody = await lab.plugin(['resume', 'node/nobody']);

      assert.equal(bare.code, 2);
      assert.match(bare.err, /say node\/acts or nodeeni\/acts/);
      assert.equal(nobody.code, 1);
      assert.match(nobody.err, /there is no node nobody/);
    });

    async function annotations(): Promise<Record<string, string>[]> {
      const nodeEni = await lab.world.objects.nodeEni('acts-late');
      const node = await lab.world.stack.kubernetes.core.readNode({ name: 'acts-idle' });
      const { annotations: ofNodeEni } = given(nodeEni ?? undefined, 'nodeEni').metadata as {
        annotations?: Record<string, string>;
      };
      return [ofNodeEni ?? {}, node.metadata?.annotations ?? {}];
    }
  });

  describe('retry', () => {
    it('has the workflow of a pair look again, long before it would', async () => {
      const signals = async (): Promise<number> =>
        lab.world.pairs.temporal(async (client) => {
          const { events } = await client.workflow.getHandle('eni:e2e:acts:acts-b').fetchHistory();
          return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
        });
      const before = await signals();

      const { code, out } = await lab.plugin(['retry', 'acts/acts-b']);

      assert.equal(code, 0);
      assert.match(out, /^acts-b\.0\.1: the workflow was told to look again/);
      assert.equal(await signals(), before + 1);
    });

    it('of a pair whose workflow does not run is a failure that tells when it is started', async () => {
      await lab.world.pairs.temporal(async (client) => client.workflow.getHandle('eni:e2e:acts:acts-b').terminate());

      const { code, err } = await lab.plugin(['retry', 'acts-b.0.1']);
      const why = await lab.plugin(['why', 'node/acts-b']);

      assert.equal(code, 1);
      assert.match(err, /the workflow eni:e2e:acts:acts-b does not run\nThe controller's watcher starts it/);
      assert.match(why.out, /^ {2}workflow +eni:e2e:acts:acts-b \(terminated\)\n +it does not run/m);
    });

    it('of a pair without an Attachment is a failure that tells where to look', async () => {
      await lab.world.objects.deleteNodeEni('acts-late');
      const none = await lab.plugin(['retry', 'acts-late/acts-1']);
      const unknown = await lab.plugin(['retry', 'nobody.0.1']);

      assert.equal(none.code, 1);
      assert.match(none.err, /has no NodeENIAttachment on node acts-1/);
      assert.equal(unknown.code, 1);
      assert.match(unknown.err, /there is no NodeENIAttachment nobody\.0\.1/);
    });
  });

  describe('orphans', () => {
    it('lists the ENIs without an Attachment as the last audit saw them', async () => {
      const eniId = await leak();

      const { out } = await eventually(
        'an audit has seen the leaked ENI',
        async () => {
          const run = await lab.plugin(['orphans']);
          return run.code === 0 && run.out.includes(eniId) ? run : null;
        },
        { timeoutMs: 90_000, intervalMs: 2_000 },
      );
      const json = await lab.plugin(['orphans', '-o', 'json']);

      const [row] = tableIn(out, 'ENI').filter(({ ENI: id }) => id === eniId);
      const { counts, enis } = JSON.parse(json.out) as { counts: { free: number }; enis: { eniId: string }[] };
      assert.match(out, /^The audit of cluster e2e, \w+ ago, saw \d+ ENIs/);
      assert.match(row?.['FIRST SEEN'] ?? '', /^2\d{3}-/);
      assert.equal(counts.free, 1);
      assert.deepEqual(
        enis.map((eni) => eni.eniId),
        [eniId],
      );
    });

    it('of a cluster without audits is a failure', async () => {
      const { code, err } = await lab.plugin(['orphans', '--cluster-name', 'other']);

      assert.equal(code, 1);
      assert.match(err, /no audit of cluster other has been completed/);
    });

    async function leak(): Promise<string> {
      const tags = {
        cluster: 'e2e',
        nodeeni: 'gone',
        node: 'acts-1',
        'attachment-uid': 'ffffffff-0000-4000-8000-000000000000',
      };
      const Tags = Object.entries(tags).map(([key, Value]) => ({ Key: `networking.k8s.aws/${key}`, Value }));
      const { NetworkInterface: eni } = await lab.world.stack.ec2.client.send(
        new CreateNetworkInterfaceCommand({
          SubnetId: lab.world.subnet('a'),
          TagSpecifications: [{ ResourceType: 'network-interface', Tags }],
        }),
      );
      return given(eni?.NetworkInterfaceId, 'CreateNetworkInterface');
    }
  });
});
