import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

/** The first and the longest pause between two tries. */
const PAUSE_MS = { first: 500, longest: 10_000 };

/**
 * Tries until it works: a server that is down at start is waited for.
 *
 * @param what - what is tried, for the log
 * @throws AbortError when the process is stopped first
 */
export async function persistently<T>(
  what: string,
  attempt: () => Promise<T>,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<T> {
  for (let pause = PAUSE_MS.first; ; pause = Math.min(pause * 2, PAUSE_MS.longest)) {
    try {
      return await attempt();
    } catch (error) {
      log.warn({ what, error: String(error), retryInMs: pause }, 'not available yet; trying again');
      await sleep(pause, undefined, { signal });
    }
  }
}
