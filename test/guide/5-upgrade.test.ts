import assert from 'node:assert/strict';

import { type Desk, sharedDesk } from './support/desk.js';
import { guideOf } from './support/guide.js';
import { installed } from './support/release.js';
import { storageScene } from './support/scene.js';

const UPGRADE = 'docs/upgrade.md';
const OPERATIONS = 'docs/operations.md';

describe('upgrading and going back, as the documentation says', function () {
  this.timeout(120_000);
  const guide = guideOf(import.meta.url);
  let desk: Desk;
  before(async () => {
    desk = await sharedDesk();
    await installed(desk);
    await storageScene(desk);
  });

  async function variable(name: string): Promise<string> {
    const maps = await desk.kubectl('get', 'configmap', '--namespace', 'multi-eni-system', '--output', 'json');
    const { items } = JSON.parse(maps) as { items: { data?: Record<string, string> }[] };
    return items.flatMap(({ data }) => data?.[name] ?? []).join();
  }

  it('begins with a look', async () => {
    const printed = await guide.run(desk, UPGRADE, 'Before');

    assert.match(printed, /^multi-eni\s+multi-eni-system/m);
    assert.match(printed, /^storage /m);
  });

  it('changes single settings', async () => {
    await guide.run(desk, OPERATIONS, 'EC2 throttles');
    await guide.run(desk, OPERATIONS, 'Leaked ENIs are reported');
    await guide.run(desk, OPERATIONS, 'To scale');

    assert.equal(await variable('MULTI_ENI_EC2_RATE'), '20');
    assert.equal(await variable('MULTI_ENI_ORPHAN_MODE'), 'delete');
    const worker = ['get', 'deployment', 'multi-eni-worker', '--namespace', 'multi-eni-system'];
    assert.equal(await desk.kubectl(...worker, '--output', 'jsonpath={.spec.replicas}'), '4');
  });

  it('brings the new version, and goes back', async () => {
    await guide.run(desk, UPGRADE, 'Upgrade');
    const upgraded = await variable('MULTI_ENI_EC2_RATE');
    const printed = await guide.run(desk, UPGRADE, 'Roll back');

    assert.equal(upgraded, '100');
    assert.match(printed, /Rollback was a success/);
    assert.equal(await variable('MULTI_ENI_EC2_RATE'), '20');
  });

  it('leaves no command out that names this test', () => {
    assert.deepEqual(guide.forgotten(), []);
  });
});
