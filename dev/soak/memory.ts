import { memoryMib } from '../bench/machine.js';

/** Resident memory of the controller over a time in which it ran without a break. */
export interface MemoryCurve {
  /** Seconds from the first sample to the last. */
  readonly seconds: number;
  /** MiB, the median of each quarter of the samples. */
  readonly quarters: readonly [number, number, number, number];
  readonly most: number;
}

/** A sample of a controller process. */
export interface MemorySample {
  /** Milliseconds, of any clock that only goes on. */
  readonly at: number;
  readonly pid: number;
  readonly mib: number;
}

/** How long a process warms up before its memory counts. */
const WARM_UP_MS = 120_000;

/** How much the last quarter may have more than the second, as a part of it, for memory to be called flat. */
const TOLERANCE = 0.1;

/** Looks now. */
export function sampleMemory(pid: number, at: number): MemorySample {
  return { at, pid, mib: memoryMib({ controller: pid })['controller'] ?? 0 };
}

/**
 * The curve of the process that ran last, after its warm-up: a restart begins anew. Null when it ran too short. Pure.
 *
 * @param warmUpMs default two minutes
 */
export function memoryCurve(samples: readonly MemorySample[], warmUpMs = WARM_UP_MS): MemoryCurve | null {
  const pid = samples.at(-1)?.pid;
  const ofLast = samples.filter((sample) => sample.pid === pid && sample.mib > 0);
  const warm = ofLast.filter(({ at }) => at >= (ofLast[0]?.at ?? 0) + warmUpMs);
  const [begin, end] = [warm[0], warm.at(-1)];
  if (begin === undefined || end === undefined || warm.length < 10) return null;
  const mib = warm.map((sample) => sample.mib);
  const quarter = (nth: number): number =>
    median(mib.slice(Math.floor((nth * mib.length) / 4), Math.floor(((nth + 1) * mib.length) / 4)));
  const quarters = [quarter(0), quarter(1), quarter(2), quarter(3)] as const;
  return { seconds: (end.at - begin.at) / 1000, quarters, most: Math.max(...mib) };
}

/**
 * True when the last quarter is not above the second by more than a tenth. The first does not count: memory follows the
 * events that the cached workflows have had, until these begin new runs (HISTORY_LIMIT in src/workflows).
 */
export function isFlat({ quarters: [, second, , last] }: MemoryCurve): boolean {
  return last <= second * (1 + TOLERANCE);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
