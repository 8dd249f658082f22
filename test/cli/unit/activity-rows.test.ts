import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';

import { REPO } from '../../../dev/bootstrap/paths.js';
import { activityRows, millis, type ActivityRow } from '../../../src/cli/temporal/activity-rows.js';

function recorded(name: string): ActivityRow[] {
  const history = historyFromJSON(JSON.parse(readFileSync(join(REPO, 'test/histories', name), 'utf8')));
  return activityRows(history.events ?? []);
}

describe('the activities of a history', () => {
  it('are those of a life, in their order, each with its label and its time', () => {
    const rows = recorded('0.1.0-attached-and-released.json');

    assert.deepEqual(
      rows.map(({ activity }) => activity),
      ['createEni', 'attachEni', 'verifyEni', 'detachEni', 'deleteEni', 'releaseAttachment'],
    );
    assert.ok(rows.every(({ outcome, attempt, tookMs }) => outcome === 'completed' && attempt >= 1 && tookMs !== null));
    assert.match(rows[0]?.summary ?? '', /^create an ENI in subnet-/);
  });

  it('can be read from every history that was recorded', () => {
    const files = globSync('*.json', { cwd: join(REPO, 'test/histories') });

    assert.ok(files.length > 5);
    for (const file of files) assert.ok(recorded(file).length > 0, file);
  });

  it('have the innermost failure, and are under way until they end', () => {
    const scheduled = (eventId: number): object => ({
      eventId,
      eventTime: { seconds: eventId },
      activityTaskScheduledEventAttributes: { activityType: { name: 'attachEni' } },
    });
    const failure = { message: 'outer', cause: { message: 'inner' } };

    const rows = activityRows([
      scheduled(1),
      { activityTaskStartedEventAttributes: { scheduledEventId: 1, attempt: 4, lastFailure: { message: 'before' } } },
      { eventTime: { seconds: 3 }, activityTaskFailedEventAttributes: { scheduledEventId: 1, failure } },
      scheduled(5),
      { activityTaskStartedEventAttributes: { scheduledEventId: 5, attempt: 2, lastFailure: { message: 'before' } } },
      scheduled(7),
      { activityTaskCanceledEventAttributes: { scheduledEventId: 7 } },
      scheduled(9),
      { activityTaskTimedOutEventAttributes: { scheduledEventId: 9, failure } },
      { activityTaskCompletedEventAttributes: { scheduledEventId: 99 } },
    ]);

    const seen = rows.map(({ attempt, outcome, failure: why }) => [attempt, outcome, why]);
    assert.deepEqual(seen, [
      [4, 'failed', 'inner'],
      [2, 'under way', 'before'],
      [0, 'cancelled', ''],
      [0, 'timed out', 'inner'],
    ]);
    assert.equal(rows[0]?.tookMs, 2_000);
  });

  it('have no time when there is none', () => {
    assert.equal(millis(undefined), 0);
    assert.equal(millis({ seconds: 2, nanos: 5_000_000 }), 2_005);
  });
});
