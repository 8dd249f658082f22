import type { Check } from './health.js';
import type { InformerFacts } from './watcher-metrics.js';

/** The API server says something about every minute, and a silent connection is given up after 90 s: this is twice that. */
const SILENT_MS = 180_000;

/**
 * Fails while the first list is not complete, and once nothing was heard for three minutes: then what is known is old.
 *
 * @param now - milliseconds since 1970. Default: the clock
 */
export function informerCheck(informer: InformerFacts, now: () => number = Date.now): Check {
  return () => {
    if (!informer.synced) return 'the first list is not complete';
    const silentMs = now() - (informer.lastEventAt ?? now());
    return silentMs <= SILENT_MS ? null : `nothing heard for ${Math.round(silentMs / 1000)} s`;
  };
}
