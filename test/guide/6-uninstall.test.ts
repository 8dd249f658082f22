import assert from 'node:assert/strict';

import { CLUSTER, type Desk, sharedDesk } from './support/desk.js';
import { guideOf } from './support/guide.js';
import { installed } from './support/release.js';
import { storageScene, workerSpec } from './support/scene.js';

const PAGE = 'docs/uninstall.md';

describe('uninstalling, as the documentation says', function () {
  this.timeout(120_000);
  const guide = guideOf(import.meta.url);
  let desk: Desk;
  before(async () => {
    desk = await sharedDesk();
    await installed(desk);
    await storageScene(desk);
  });

  async function ofTheCluster(): Promise<string[]> {
    const enis = await desk.world.stack.ec2.control.enis();
    return enis.filter(({ tags }) => tags['networking.k8s.aws/cluster'] === CLUSTER).map(({ id }) => id);
  }

  it('can be done in the right order after it was begun in the wrong one', async () => {
    const { world } = desk;
    await desk.helm('uninstall', 'multi-eni');
    await world.controller.process.stop(); // as the chart's pods would be
    await desk.kubectl('delete', 'neni', '--all', '--wait=false');
    const left = await ofTheCluster();

    await Promise.all([world.startController(), guide.run(desk, PAGE, 'The controller went first')]);
    assert.ok(left.length > 0);
    assert.deepEqual(await ofTheCluster(), []);
  });

  it('leaves nothing in EC2', async () => {
    const { world } = desk;
    await world.objects.createNodeEni('last', workerSpec(desk));
    await world.pairs.untilAttached('last', ['worker-1']);

    await guide.run(desk, PAGE, '1. The NodeENIs');
    assert.deepEqual(await ofTheCluster(), []);
    assert.deepEqual(await world.objects.attachments(), []);
  });

  it('can be done by hand where the controller cannot come back', async () => {
    const { world } = desk;
    await world.objects.createNodeEni('storage', workerSpec(desk));
    await world.pairs.untilAttached('storage', ['worker-1']);
    await world.killController();
    await desk.kubectl('delete', 'neni', '--all', '--wait=false');

    const printed = await guide.run(desk, PAGE, 'It cannot be installed again');
    assert.match(printed, /^worker-1\.0\.1 +eni-\w+ +eni-attach-/m);
    assert.equal(await world.objects.nodeEni('storage'), null);
  });

  it('takes the controller, the definitions and the namespace', async () => {
    await guide.run(desk, PAGE, '3. The controller');

    assert.equal(await desk.kubectl('get', 'crd', '--output', 'name'), '');
  });

  it('ends in Temporal', async () => {
    const printed = await guide.run(desk, PAGE, '4. Temporal');

    assert.match(printed, /Started batch/i);
    assert.deepEqual(await desk.world.pairs.workflows('last', 'Running'), []);
  });

  it('leaves no command out that names this test', () => {
    assert.deepEqual(guide.forgotten(), []);
  });
});
