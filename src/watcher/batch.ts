import { concurrently } from '../domain/concurrently.js';

/**
 * Tasks of a kind in one pass, a few seconds of work: a change of thousands must neither keep what comes meanwhile
 * waiting nor hide in the status what it has brought about.
 */
const BATCH = 250;

/** What a pass of the watcher has not brought about. */
export interface Remainder {
  /** Tasks that failed, to be tried again after a while. */
  readonly failed: number;
  /** Tasks that were not begun, to be gone on with at once. */
  readonly left: number;
}

/**
 * Runs a task for each item, at most `limit` at a time, until 250 have succeeded. Failures do not count: those that fail
 * for ever must not keep the rest from its turn.
 *
 * @param onFailure - hears of each failure
 */
export async function runBatch<T>(
  limit: number,
  items: readonly T[],
  task: (item: T) => Promise<void>,
  onFailure: (error: unknown, item: T) => void,
): Promise<Remainder> {
  let [begun, succeeded] = [0, 0];
  function* turns(): Iterable<T> {
    for (const item of items) {
      if (succeeded >= BATCH) return;
      begun += 1;
      yield item;
    }
  }
  const failures = await concurrently(limit, turns(), async (item) => {
    await task(item);
    succeeded += 1;
  });
  for (const { error, item } of failures) onFailure(error, item);
  return { failed: failures.length, left: items.length - begun };
}

/** The sums. */
export function addUp(parts: readonly Remainder[]): Remainder {
  const sum = (key: keyof Remainder): number => parts.reduce((total, part) => total + part[key], 0);
  return { failed: sum('failed'), left: sum('left') };
}
