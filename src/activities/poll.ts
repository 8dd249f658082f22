import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reason } from '../domain/reasons.js';
import { waiting } from './map-error.js';

/** How long one attempt looks before it leaves its slot and is retried later. */
const ATTEMPT_MS = 8_000;

/**
 * The shortest and the longest pause between two looks: a third of the time passed, so that the end of a wait is seen
 * soon for what it lasted. The shared Describe spaces them further under load.
 */
const PAUSE_MS = { shortest: 50, longest: 2_000 };

/** The longest delay between two attempts. */
const LONGEST_DELAY_MS = 15_000;

/** What an unfinished wait says. */
export interface Pending {
  readonly reason: Reason;
  readonly message: string;
}

/** Milliseconds since the activity was first scheduled, retries included. */
export function elapsedMs(): number {
  return Date.now() - activityInfo().scheduledTimestampMs;
}

/**
 * Looks until there is a result: some seconds within one attempt, then by retries whose delay grows with the time
 * passed.
 *
 * @param look - gives the result, or what is still pending
 * @throws ApplicationFailure of type Waiting when the attempt ends without a result
 */
export async function poll<T>(look: () => Promise<{ done: T } | { pending: Pending }>): Promise<T> {
  const started = Date.now();
  for (;;) {
    const seen = await look();
    if ('done' in seen) return seen.done;
    const pause = Math.min(PAUSE_MS.longest, Math.max(PAUSE_MS.shortest, elapsedMs() / 3));
    if (Date.now() - started + pause > ATTEMPT_MS) {
      const { reason, message } = seen.pending;
      throw waiting(reason, message, Math.min(LONGEST_DELAY_MS, Math.max(1_000, elapsedMs() / 4)));
    }
    await sleep(pause, undefined, { signal: cancellationSignal() });
  }
}
