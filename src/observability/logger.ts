import { pino, type Logger } from 'pino';

/** The process's logger: one line of JSON per message, or a readable one. Secrets are never given to it. */
export function createLogger(options: { level: string; format: 'json' | 'pretty' }): Logger {
  const base = { level: options.level, base: null };
  if (options.format === 'json') return pino(base);
  return pino({ ...base, transport: { target: 'pino-pretty', options: { destination: 1 } } });
}
