/** The first wait of a blocked pair, in milliseconds. */
const FIRST_WAIT_MS = 1_000;

/**
 * How long a blocked pair waits before it looks again: doubling from 1 s to the maximum, less up to a quarter of jitter.
 * The jitter comes from the pair's own key, so that pairs spread and replays agree.
 *
 * @param attempts - how often in a row it has been blocked, from 1
 * @param key - what tells pairs apart, such as the Attachment's UID
 */
export function blockedWaitMs(attempts: number, maximumMs: number, key: string): number {
  const full = Math.min(maximumMs, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 30));
  return Math.max(1, Math.round(full * (1 - fraction(`${key}#${attempts}`) / 4)));
}

/** A number from 0 up to 1 from a text: FNV-1a, 32 bits. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
