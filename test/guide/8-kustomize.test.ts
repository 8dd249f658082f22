import assert from 'node:assert/strict';

import { codeUnder } from '../docs/shell-blocks.js';
import { type Desk, sharedDesk } from './support/desk.js';
import { guideOf } from './support/guide.js';

const INSTALL = 'deploy/README.md';
const UPGRADE = 'docs/upgrade.md';
const REMOVE = 'docs/uninstall.md';

describe('installing with kustomize, as the documentation says', function () {
  this.timeout(240_000); // kubectl may have to be built
  const guide = guideOf(import.meta.url);
  let desk: Desk;
  before(async () => {
    desk = await sharedDesk();
  });

  it('brings the controller, and the cluster knows NodeENIs', async () => {
    const { address } = desk.world.stack.temporal;
    await desk.write('my-cluster/kustomization.yaml', codeUnder(INSTALL, 'Into a cluster', 'yaml'));

    const printed = await guide.run(desk, INSTALL, 'Into a cluster', {
      'temporal.example.com:7233': address,
      KEY: 'no-key',
    });
    assert.match(printed, /search attributes: done/);
    assert.match(printed, /deployment "multi-eni-watcher" successfully rolled out/);
    assert.match(printed, /nodeeni\.networking\.k8s\.aws\/nodeeni-subnet-a/);
  });

  it('is upgraded by the same', async () => {
    const printed = await guide.run(desk, UPGRADE, 'Upgrade');

    assert.match(printed, /deployment "multi-eni-worker" successfully rolled out/);
  });

  it('is undone without a rest', async () => {
    await guide.run(desk, REMOVE, 'With kustomize');

    const { items } = await desk.world.stack.kubernetes.core.listNamespace();
    assert.ok(!items.some(({ metadata }) => metadata?.name === 'multi-eni-system'));
  });

  it('leaves no command out that names this test', () => {
    assert.deepEqual(guide.forgotten(), []);
  });
});
