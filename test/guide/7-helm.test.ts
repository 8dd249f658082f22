import assert from 'node:assert/strict';

import { codeUnder } from '../docs/shell-blocks.js';
import { type Desk, sharedDesk } from './support/desk.js';
import { guideOf } from './support/guide.js';

/** Another namespace than the other pages': the API server takes five seconds to begin with the removal of one. */
const NAMESPACE = { 'multi-eni-system': 'multi-eni-helm' };
const PAGE = 'deploy/helm/README.md';

describe('the life of a Helm release, as the documentation says', function () {
  this.timeout(240_000); // helm may have to be built
  const guide = guideOf(import.meta.url);
  let desk: Desk;
  before(async () => {
    desk = await sharedDesk();
    await desk.kubectl('delete', 'crd', '--all'); // those that there are belong to a release in another namespace
    await desk.write('my-values.yaml', codeUnder(PAGE, 'Install', 'yaml'));
  });

  it('begins with both charts', async () => {
    const printed = await guide.run(desk, PAGE, 'Install', NAMESPACE);

    assert.match(printed, /The controller runs as multi-eni-watcher and multi-eni-worker/);
  });

  it('goes on with an upgrade', async () => {
    const printed = await guide.run(desk, PAGE, 'Upgrade', NAMESPACE);

    assert.match(printed, /REVISION: 2/);
  });

  it('ends when the NodeENIs are gone', async () => {
    const printed = await guide.run(desk, PAGE, 'Remove', NAMESPACE);

    assert.match(printed, /release "multi-eni" uninstalled/);
    assert.match(printed, /"nodeenis\.networking\.k8s\.aws" deleted/);
  });

  it('leaves no command out that names this test', () => {
    assert.deepEqual(guide.forgotten(), []);
  });
});
