const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time as kubectl prints it: the coarser the longer. `90s`, `5m30s`, `45m`, `3h20m`, `30h`, `12d`. */
export function span(ms: number): string {
  if (ms < 0) return '0s';
  if (ms < 2 * MINUTE) return `${floor(ms, SECOND)}s`;
  if (ms < 10 * MINUTE) return two(ms, [MINUTE, 'm'], [SECOND, 's']);
  if (ms < 3 * HOUR) return `${floor(ms, MINUTE)}m`;
  if (ms < 8 * HOUR) return two(ms, [HOUR, 'h'], [MINUTE, 'm']);
  if (ms < 2 * DAY) return `${floor(ms, HOUR)}h`;
  if (ms < 8 * DAY) return two(ms, [DAY, 'd'], [HOUR, 'h']);
  return `${floor(ms, DAY)}d`;
}

/**
 * How long ago it was, as {@link span}; empty for no time, or one that cannot be read.
 *
 * @param time - RFC 3339
 * @param now - milliseconds since 1970
 */
export function ago(time: string | undefined, now: number): string {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? '' : span(now - at);
}

function two(ms: number, [large, l]: [number, string], [small, s]: [number, string]): string {
  const rest = floor(ms % large, small);
  return rest === 0 ? `${floor(ms, large)}${l}` : `${floor(ms, large)}${l}${rest}${s}`;
}

function floor(ms: number, unit: number): number {
  return Math.floor(ms / unit);
}
