import type { Check } from './health.js';

/** What a {@link startPulse} feels. */
export interface PulseOptions {
  /** Asks the server something cheap; fails when it does not answer. Must end by itself. */
  readonly probe: () => Promise<unknown>;
  /** Milliseconds between two probes. Default 5,000. */
  readonly everyMs?: number;
  /** Milliseconds without an answer after which the server counts as away. Default 15,000. */
  readonly awayMs?: number;
  /** Milliseconds that only go forward. Default: the process's clock. */
  readonly now?: () => number;
}

/** A server that is asked again and again whether it is there. */
export interface Pulse {
  /** Fails once the server has not answered for a while. */
  readonly check: Check;
  /** Asks no more; harmless when called twice. */
  stop(): void;
}

/** Asks a server, which has just answered, again and again: a connection that was made once tells nothing of today. */
export function startPulse(options: PulseOptions): Pulse {
  const { probe, everyMs = 5_000, awayMs = 15_000, now = () => performance.now() } = options;
  let heardAt = now();
  let problem = '';
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const beat = async (): Promise<void> => {
    try {
      await probe();
      heardAt = now();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (!stopped) timer = setTimeout(() => void beat(), everyMs);
  };
  timer = setTimeout(() => void beat(), everyMs);
  return {
    check: () => {
      const silentMs = now() - heardAt;
      return silentMs <= awayMs ? null : `no answer for ${Math.round(silentMs / 1000)} s: ${problem}`;
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
