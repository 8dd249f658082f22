import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { ApplicationFailure, cancellationSignal, CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';

import { translated } from '../../../src/activities/map-error.js';
import { FAILURE_TYPES } from '../../../src/contract/failures.js';
import { DefaultLogger } from '@temporalio/worker';

/** What an activity that waits ends with when it is cancelled for this reason. */
async function endOf(reason: 'CANCELLED' | 'WORKER_SHUTDOWN'): Promise<unknown> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const wait = translated(() => sleep(60_000, undefined, { signal: cancellationSignal() }));
  const ended = assert.rejects(environment.run(wait), (error) => {
    seen = error;
    return true;
  });
  let seen: unknown;
  environment.cancel(reason);
  await ended;
  return seen;
}

describe('what an activity throws', () => {
  it('is a cancellation when its workflow cancelled it in a wait', async () => {
    assert.ok((await endOf('CANCELLED')) instanceof CancelledFailure);
  });

  it('is a wait for the next worker when its own stops', async () => {
    const failure = await endOf('WORKER_SHUTDOWN');

    assert.ok(failure instanceof ApplicationFailure);
    assert.equal(failure.type, FAILURE_TYPES.waiting);
  });

  it('is a transient failure for what nobody foresaw', async () => {
    const fails = translated(() => Promise.reject(new Error('what')));

    await assert.rejects(new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(fails), {
      type: FAILURE_TYPES.transient,
    });
  });

  it('is a transient failure for an abort that nobody asked for', async () => {
    const fails = translated(() => Promise.reject(new DOMException('timeout', 'AbortError')));

    await assert.rejects(new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(fails), {
      type: FAILURE_TYPES.transient,
    });
  });
});
