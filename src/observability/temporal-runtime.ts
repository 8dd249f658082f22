import { Runtime, type TelemetryOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { freePort } from './free-port.js';
import { temporalLogger } from './temporal-logger.js';

/** The port was free a moment ago; that it is taken three times in a row is no chance. */
const TRIES = 3;

/**
 * Prepares Temporal's SDK, once in a process: its log lines go to ours, signals are left to us, and its metrics are
 * served on a port of this machine alone, for our own endpoint to pass on.
 *
 * @param options.withMetrics - false: the SDK keeps none
 * @returns the URL of its metrics; null when it keeps none
 * @throws Error when the metrics cannot be served
 */
export async function installTemporalRuntime(options: {
  readonly log: Logger;
  readonly withMetrics: boolean;
}): Promise<string | null> {
  if (!options.withMetrics) {
    install(options.log, {});
    return null;
  }
  for (let attempt = 1; ; attempt += 1) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    try {
      install(options.log, { metrics: { prometheus: { bindAddress, ...NAMING } } });
      return `http://${bindAddress}/metrics`;
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

/** Names as Prometheus wants them: `_total`, and times in `_seconds`. */
const NAMING = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } as const;

function install(log: Logger, metrics: Pick<TelemetryOptions, 'metrics'>): void {
  Runtime.install({
    logger: temporalLogger(log),
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } }, ...metrics },
  });
}
