import type { LogLevel, Logger as TemporalLogger, LogMetadata } from '@temporalio/common';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** What the SDK warns of at every start, about the worker for the calls that change EC2: it has no workflows by design. */
const BY_DESIGN = 'No workflows registered, not polling for workflow tasks';

/** Temporal's logger interface over ours, so that all lines have one form. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void =>
    logger[message === BY_DESIGN ? 'debug' : LEVELS[level]](meta, message);
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
