import assert from 'node:assert/strict';

import { Reminders } from '../../../src/watcher/reminders.js';
import { attachment } from '../../support/builders.js';

const WAITS = attachment({ status: { phase: 'Creating' } });

/** The numbers of the resyncs at which a reminder was due. */
function due(reminders: Reminders, resyncs: number): number[] {
  return Array.from({ length: resyncs }, (_, index) => index).filter(() => reminders.isDue(WAITS));
}

describe('reminders of a pair that is not settled', () => {
  let reminders: Reminders;

  beforeEach(() => {
    reminders = new Reminders();
  });

  it('come ever more rarely while it shows the same', () => {
    assert.deepEqual(due(reminders, 140), [0, 1, 3, 7, 15, 31, 63, 127]);
  });

  it('come at once when it shows something else', () => {
    due(reminders, 10);

    assert.equal(reminders.isDue(attachment({ status: { phase: 'Creating', reason: 'QuotaReached' } })), true);
    assert.equal(reminders.isDue(WAITS), true);
  });

  it('begin anew for one that was gone', () => {
    due(reminders, 10);
    reminders.retain([]);

    assert.deepEqual(due(reminders, 3), [0, 1]);
  });

  it('are counted for each by itself', () => {
    due(reminders, 10);

    assert.equal(reminders.isDue(attachment({ uid: 'another' })), true);
  });
});
