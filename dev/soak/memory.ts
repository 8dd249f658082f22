import { memoryMib } from '../bench/machine.js';

/** Resident memory of the controller over a time in which it ran without a break. */
export interface MemoryCurve {
  /** Seconds from the first sample to the last. */
  readonly seconds: number;
  /** MiB, the median of the first tenth of the samples. */
  readonly first: number;
  /** MiB, the median of the last tenth. */
  readonly last: number;
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

/** How much may be added, of the first value, for memory to be called flat. */
const TOLERANCE = 0.25;

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
  const tenth = Math.ceil(mib.length / 10);
  const [first, last] = [median(mib.slice(0, tenth)), median(mib.slice(-tenth))];
  return { seconds: (end.at - begin.at) / 1000, first, last, most: Math.max(...mib) };
}

/** True when the end is not above the beginning by more than a quarter. */
export function isFlat({ first, last }: MemoryCurve): boolean {
  return last <= first * (1 + TOLERANCE);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
