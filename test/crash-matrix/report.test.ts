import assert from 'node:assert/strict';

import proto from '@temporalio/proto';

import type { LifeCall, Stage } from '../../dev/crash-matrix/calls.js';
import { problemsOfEvent } from '../../dev/crash-matrix/history.js';
import { between, markdown } from '../../dev/crash-matrix/report.js';
import { complaint, converged, lastLine, type Verdict } from '../../dev/crash-matrix/verdict.js';

const { RetryState } = proto.temporal.api.enums.v1;
const call: LifeCall = { phase: 'make', service: 'EC2', what: 'Create', isWrite: true, key: 'Create', writesBefore: 0 };

function verdict(stage: Stage, change: Partial<Verdict> = {}): Verdict {
  return { boundary: { call, stage }, reached: true, problems: [], made: 1, left: 0, ...change };
}

describe('a verdict', () => {
  const rows: [change: Partial<Verdict>, complaint: string][] = [
    [{ reached: false }, 'not reached'],
    [{ problems: ['the workflow is FAILED'] }, 'the workflow is FAILED'],
    [{ made: 2 }, '2 ENIs were made, of 1'],
    [{ made: 0 }, '0 ENIs were made, of 1'],
    [{ left: 1 }, '1 ENIs are left'],
  ];
  for (const [change, words] of rows) {
    it(`is bad with ${words}`, () => {
      const one = verdict('before', change);

      assert.equal(converged(one), false);
      assert.equal(complaint(one), words);
    });
  }

  it('is good when the pair was struck, and nothing is wrong', () => {
    assert.equal(converged(verdict('before')), true);
    assert.equal(complaint(verdict('before')), '');
  });

  it('knows that a pair which is replaced has two ENIs in its life, and no third', () => {
    const boundary = { call: { ...call, phase: 'replace' }, stage: 'after' } as const;
    const [one, two, three] = [1, 2, 3].map((made) => verdict('after', { boundary, made }));

    assert.ok(one && two && three);
    assert.deepEqual([one, two, three].map(converged), [false, true, false]);
    assert.equal(complaint(one), '1 ENIs were made, of 2');
    assert.match(lastLine([one, two, three]), / 1 doubled$/);
  });

  it('counts in the last line', () => {
    const line = lastLine([verdict('before'), verdict('after', { left: 1 }), verdict('lost', { made: 2 })]);

    assert.equal(line, 'crash matrix: 3 boundaries, 1 converged, 1 leaked, 1 doubled');
  });
});

describe('the report', () => {
  it('has a row for each call, with what became of it at each stage', () => {
    const text = markdown({ calls: [call], verdicts: [verdict('before'), verdict('after', { left: 1 })] });

    assert.match(text, /^\| a pair is made \| EC2 \| Create \| ✓ \| ✗ \| – \|$/m);
    assert.match(text, /`crash matrix: 2 boundaries, 1 converged, 1 leaked, 0 doubled`$/);
  });

  it('goes between the markers, and leaves the rest of the document alone', () => {
    const document = 'a\n<!-- crash-matrix:begin -->\nold\n<!-- crash-matrix:end -->\nb';

    const written = between(document, 'new');

    assert.equal(written, 'a\n<!-- crash-matrix:begin -->\n\nnew\n\n<!-- crash-matrix:end -->\nb');
    assert.throws(() => between('a', 'new'), /lacks/);
  });
});

describe('problemsOfEvent', () => {
  const failure = (type: string): object => ({ message: 'm', applicationFailureInfo: { type } });

  it('finds an activity that ran out of time', () => {
    const problems = problemsOfEvent({
      activityTaskTimedOutEventAttributes: { retryState: RetryState.RETRY_STATE_TIMEOUT, failure: { message: 'late' } },
    });

    assert.deepEqual(problems, ['an activity was given up: late']);
  });

  it('finds an activity that ended as blocked, and lets a stale one be', () => {
    const retryState = RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE;

    const blocked = problemsOfEvent({ activityTaskFailedEventAttributes: { retryState, failure: failure('Blocked') } });
    const stale = problemsOfEvent({ activityTaskFailedEventAttributes: { retryState, failure: failure('Stale') } });

    assert.deepEqual(blocked, ['an activity ended as blocked: m']);
    assert.deepEqual(stale, []);
  });

  it('finds a local activity that failed', () => {
    const problems = problemsOfEvent({ markerRecordedEventAttributes: { failure: failure('Transient') } });

    assert.deepEqual(problems, ['a local activity failed: m']);
    assert.deepEqual(problemsOfEvent({ markerRecordedEventAttributes: {} }), []);
    assert.deepEqual(problemsOfEvent({}), []);
  });
});
