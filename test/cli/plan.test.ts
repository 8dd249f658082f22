import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../../dev/stack/eventually.js';
import { tableIn, type Run } from './support/run.js';
import { manifest, scene, type Scene } from './support/scene.js';

describe('kubectl multi-eni plan', function () {
  this.timeout(180_000);
  let lab: Scene;
  let dir: string;

  before('make pairs in several states', async () => {
    lab = await scene('plan');
    dir = mkdtempSync(join(tmpdir(), 'multi-eni-plan-'));
  });

  after('remove the files', () => rmSync(dir, { recursive: true, force: true }));

  it('tells what a file would do to each node, with the checks in EC2, and changes nothing', async () => {
    const file = join(dir, 'node-enis.yaml');
    const subnets = { subnetID: null, subnetIDs: [lab.world.subnet('a'), lab.world.subnet('b')] };
    const text = [
      manifest('plan', { ...lab.spec, securityGroupIDs: [lab.world.group('two')] }),
      manifest('plan-second', { ...lab.spec, ...subnets, deviceIndex: 2 }),
      manifest('plan-third', { ...lab.spec, deviceIndex: 1 }),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other }\n',
    ].join('\n---\n');
    writeFileSync(file, text);
    const { lastSeq: since } = await lab.world.stack.ec2.control.counts();

    const { code, out, err } = await lab.plugin(['plan', '-f', file]);

    assert.equal(code, 0, err);
    assert.deepEqual(actions(out), [
      'plan plan-1 change',
      'plan plan-b change',
      'plan-second plan-1 create',
      'plan-second plan-b create',
      'plan-third plan-1 conflict',
      'plan-third plan-b conflict',
    ]);
    const rows = tableIn(out, 'NODEENI');
    assert.match(rows[0]?.['DETAIL'] ?? '', /^securityGroupIDs: sg-\w+ -> sg-\w+$/);
    assert.match(rows[1]?.['DETAIL'] ?? '', /^blocked, ZoneMismatch: /);
    assert.equal(rows[2]?.['SUBNET'], lab.world.subnet('a'));
    assert.equal(rows[3]?.['SUBNET'], lab.world.subnet('b'));
    assert.match(rows[4]?.['DETAIL'] ?? '', /^NodeENI plan holds the slot$/);
    assert.match(out, /^Left out, since they are no NodeENIs: ConfigMap\/other$/m);
    const calls = await lab.world.stack.ec2.control.log({ since });
    assert.ok(calls.every(({ action }) => action.startsWith('Describe')));
    assert.equal(await lab.world.objects.nodeEni('plan-second'), null);
  });

  it('is what then happens: nodes that it calls blocked are blocked, and others are attached', async () => {
    const spec = { ...lab.spec, deviceIndex: 3 };

    const { out } = await lab.plugin(['plan', '-f', '-', '-o', 'json'], { input: manifest('plan-real', spec) });
    await lab.world.objects.createNodeEni('plan-real', spec);

    const { pairs } = JSON.parse(out) as { pairs: { node: string; check: { reason: string | null } }[] };
    const planned = pairs.map(({ node, check }) => `${node} ${check.reason ?? 'Attached'}`);
    await eventually(
      'the pairs are as planned',
      async () => {
        const found = await lab.world.objects.attachments('plan-real');
        const now = found.map(
          ({ spec: { nodeName }, status }) => `${nodeName} ${status?.reason ?? status?.phase ?? ''}`,
        );
        assert.deepEqual(now.toSorted(), planned.toSorted());
        return true;
      },
      { timeoutMs: 60_000 },
    );
    assert.deepEqual(planned.toSorted(), ['plan-1 Attached', 'plan-b ZoneMismatch']);
  });

  it('replaces what has another slot, and does without EC2', async () => {
    const input = manifest('plan', { ...lab.spec, deviceIndex: 4 });

    const { code, out } = await lab.plugin(['plan', '-f', '-', '--no-ec2'], { input });

    assert.equal(code, 0);
    assert.deepEqual(actions(out), ['plan plan-1 replace', 'plan plan-b replace']);
    assert.match(out, /^EC2 was not asked/m);
  });

  const refused: Record<string, [object, RegExp]> = {
    'a value that the schema forbids': [{ deviceIndex: 0 }, /deviceIndex must be 1 or more/],
    'a field that there is not': [{ devceIndex: 2 }, /unknown field "spec\.devceIndex"/],
    'no security group': [{ securityGroupIDs: [] }, /a security group is missing/],
  };
  for (const [what, [change, message]] of Object.entries(refused)) {
    it(`refuses a file with ${what}, in the words of the API server`, async () => {
      const { code, err } = await run({ ...lab.spec, ...change });

      assert.equal(code, 1);
      assert.match(err, /^error: cannot apply NodeENI plan-new: /);
      assert.match(err, message);
    });
  }

  it('of a file that is not there is a failure', async () => {
    const { code, err } = await lab.plugin(['plan', '-f', join(dir, 'nothing.yaml')]);

    assert.equal(code, 1);
    assert.match(err, /cannot read .*nothing\.yaml/);
  });

  async function run(spec: object): Promise<Run> {
    return lab.plugin(['plan', '-f', '-'], { input: manifest('plan-new', spec) });
  }
});

function actions(out: string): string[] {
  return tableIn(out, 'NODEENI').map((row) => [row['NODEENI'], row['NODE'], row['ACTION']].join(' '));
}
