import process from 'node:process';
import type { Logger } from 'pino';

/** Aborts at the first SIGTERM or SIGINT. A second one ends the process at once, as the system does by default. */
export function shutdownSignal(log: Logger): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      log.info({ signal: name }, 'stopping');
      controller.abort();
    });
  }
  return controller.signal;
}
