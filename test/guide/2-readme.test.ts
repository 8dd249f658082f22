import assert from 'node:assert/strict';

import { eventually } from '../../dev/stack/eventually.js';
import { codeUnder } from '../docs/shell-blocks.js';
import { type Desk, sharedDesk } from './support/desk.js';
import { guideOf } from './support/guide.js';
import { definitions } from './support/release.js';

const PAGE = 'README.md';

describe('the first NodeENI, as the README says', function () {
  this.timeout(120_000);
  const guide = guideOf(import.meta.url);
  let desk: Desk;
  before('apply it', async () => {
    desk = await sharedDesk();
    await definitions(desk);
    await desk.write('subnet-a.yaml', desk.withNetwork(codeUnder(PAGE, 'Your first NodeENI', 'yaml')));
    await desk.kubectl('apply', '-f', 'subnet-a.yaml');
    await desk.world.pairs.untilAttached('subnet-a', ['node-a1', 'node-a2']);
  });
  after('take it away', async () => {
    await desk.world.objects.deleteNodeEni('subnet-a');
    await desk.world.pairs.untilGone('subnet-a');
  });

  it('is shown by kubectl, and so is a pair that cannot go on', async () => {
    const pattern =
      /2 of 3 attached; node node-b1: subnet-\w+ is in us-east-1a; the instance is in us-east-1b\. What to do: /;

    const printed = await eventually(
      'the message',
      async () => {
        const output = await guide.run(desk, PAGE, 'What kubectl shows');
        assert.match(output, pattern);
        return output;
      },
      { timeoutMs: 60_000 },
    );
    assert.match(printed, /^node-b1\.0\.1 +subnet-a +node-b1 +1 +Blocked +ZoneMismatch /m);
  });

  it('leaves no command out that names this test', () => {
    assert.deepEqual(guide.forgotten(), []);
  });
});
