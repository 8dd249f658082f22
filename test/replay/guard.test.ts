import assert from 'node:assert/strict';

import { DeterminismViolationError } from '@temporalio/workflow';

import { bundled, quiet } from '../support/builders-temporal.js';
import { type Edit, scratchCopy } from '../upgrade/support/scratch.js';
import { check, explained, histories } from './histories.js';

/** Three are enough to see that the check looks at each. */
const THREE = ['adopted', 'deleted-while-attaching', 'cancelled'];

const RECORDED = histories().filter(({ life }) => THREE.includes(life));

const ONE_MORE: Edit = {
  file: 'workflows/pair-loop.ts',
  from: /async run\(\)[^{]*\{/,
  to: "$& await waits.awaitInstance('i-1');",
};
const IMPORT: Edit = {
  file: 'workflows/pair-loop.ts',
  from: /import \{ local \} from '\.\/activities\.js'/,
  to: "import { local, waits } from './activities.js'",
};

/** Releases as nobody should make them: each does something else than the histories say. */
const BREAKING: Readonly<Record<string, readonly Edit[]>> = {
  'has one activity more before its first step': [IMPORT, ONE_MORE],
  'calls an activity by another name': [
    { file: 'workflows/run-step.ts', from: /\.attachEni\./, to: '.plugEni.' },
    { file: 'contract/activities.ts', from: /attachEni\(/, to: 'plugEni(' },
  ],
  'calls a local activity by another name': [
    { file: 'workflows/pair-loop.ts', from: /local\.observePair/, to: 'local.lookAtPair' },
  ],
  'decides otherwise': [
    { file: 'domain/plan/present.ts', from: /return \{ type: 'attach',[^}]*\}/, to: "return { type: 'idle' }" },
  ],
};

describe('the check of the recorded histories', function () {
  this.timeout(60_000);

  before(quiet);

  for (const [what, edits] of Object.entries(BREAKING)) {
    it(`fails for each history when the workflow ${what}`, async () => {
      const scratch = scratchCopy('breaking', edits);
      const failures = await check(await bundled(scratch.workflowsPath), RECORDED);
      scratch.remove();

      assert.deepEqual(
        [...failures.keys()].sort(),
        RECORDED.map(({ name }) => name),
      );
      const others = [...failures].filter(([, error]) => !(error instanceof DeterminismViolationError));
      assert.equal(explained(new Map(others)), '');
    });
  }

  it('passes when the one activity more is behind patched()', async () => {
    const scratch = scratchCopy('patched', [
      IMPORT,
      { ...ONE_MORE, to: "$& if (patched('one-more')) await waits.awaitInstance('i-1');" },
      { file: 'workflows/pair-loop.ts', from: /import \{ condition,/, to: 'import { condition, patched,' },
    ]);
    const failures = await check(await bundled(scratch.workflowsPath), RECORDED);
    scratch.remove();

    assert.equal(RECORDED.length >= THREE.length, true);
    assert.equal(explained(failures), '');
  });
});
