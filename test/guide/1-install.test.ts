import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { codeUnder } from '../docs/shell-blocks.js';
import { CLUSTER, type Desk, sharedDesk } from './support/desk.js';
import { guideOf } from './support/guide.js';

const PAGE = 'docs/install-eks.md';

describe('installing on EKS, as the documentation says', function () {
  this.timeout(240_000); // helm may have to be built
  const guide = guideOf(import.meta.url);
  let desk: Desk;
  before(async () => {
    desk = await sharedDesk();
  });

  it('makes the namespace and the search attributes in Temporal', async () => {
    const { address } = desk.world.stack.temporal;

    const printed = await guide.run(desk, PAGE, '3. Temporal', { 'temporal.example.com:7233': address });
    assert.match(printed, /namespace multi-eni: done\nsearch attributes: done/);
  });

  it('makes a policy for the cluster', async () => {
    await guide.run(desk, PAGE, '4. The rights in AWS');

    const policy = await readFile(join(desk.dir, 'policy.json'), 'utf8');
    assert.match(policy, new RegExp(`"aws:ResourceTag/networking\\.k8s\\.aws/cluster": "${CLUSTER}"`));
    assert.doesNotMatch(policy, /CLUSTER_NAME/);
  });

  it('installs both charts', async () => {
    const values = codeUnder(PAGE, '5. The charts', 'yaml');
    await desk.write('my-values.yaml', values);

    const printed = await guide.run(desk, PAGE, '5. The charts');
    assert.match(values, new RegExp(`clusterName: ${CLUSTER}\\b`));
    assert.match(printed, /deployment "multi-eni-worker" successfully rolled out/);
  });

  it('gives a node its first ENI', async () => {
    await desk.write('first.yaml', desk.withNetwork(codeUnder(PAGE, '6. The first NodeENI', 'yaml')));

    await guide.run(desk, PAGE, '6. The first NodeENI');
    const [eni] = await desk.world.pairs.enis('first');
    assert.equal(eni?.attachment?.deviceIndex, 2);
  });

  it('shows it, and takes it away again', async () => {
    const printed = await guide.run(desk, PAGE, '7. See that all is well');

    assert.match(printed, /web-1\.0\.2 +first +web-1 +2 +Attached +eni-/);
    assert.match(printed, /nodeeni\.networking\.k8s\.aws "first" deleted/);
    assert.deepEqual(await desk.world.pairs.enis('first'), []);
  });

  it('leaves no command out that names this test', () => {
    assert.deepEqual(guide.forgotten(), []);
  });
});
