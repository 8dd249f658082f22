/** Least time between the starts of two attempts. */
const LEAST_MS = 1_000;

/** Longest wait after a failure. */
const LONGEST_MS = 30_000;

/**
 * How long to wait before the next attempt: a second after the last one's start when all is well, else doubling from a
 * second to half a minute with a quarter of jitter on top, and at least as long as the server asked for.
 *
 * @param failures - in a row
 * @param sinceStartMs - since the last attempt began
 * @param random - from 0 up to 1
 */
export function waitMs(failures: number, sinceStartMs: number, random: number, retryAfterMs = 0): number {
  if (failures === 0) return Math.max(0, LEAST_MS - sinceStartMs);
  const full = Math.min(LONGEST_MS, LEAST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.max(Math.min(LONGEST_MS, full * (1 + random / 4)), Math.min(LONGEST_MS, retryAfterMs));
}
