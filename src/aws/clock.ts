/** Time and chance, handed in so that tests can steer them. */
export interface Clock {
  /** Milliseconds that only go forward; their zero has no meaning. */
  now(): number;
  /** Calls back once after `ms` milliseconds; the result cancels it. */
  setTimer(callback: () => void, ms: number): () => void;
  /** From 0 to below 1, uniformly. */
  random(): number;
}

/** The process's own monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (callback, ms) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Resolves after `ms` milliseconds of the clock. */
export async function sleep(clock: Clock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => void clock.setTimer(resolve, ms));
}

/** A duration that differs by up to `share` of it, in either direction: those who wait do not come back at once. */
export function jittered(clock: Clock, ms: number, share = 0.2): number {
  return Math.round(ms * (1 - share + 2 * share * clock.random()));
}
