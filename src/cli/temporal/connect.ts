import { Client, Connection } from '@temporalio/client';

import { readTemporalConfig } from '../../config/temporal.js';
import { CliFailure, wrongUse } from '../failure.js';
import type { Session } from '../session.js';

/** Longest that the way to Temporal may take, and longest that one call may. */
const CONNECT = '5 seconds';
const CALL_MS = 10_000;

/**
 * Calls Temporal over a connection that lasts as long as the call.
 *
 * @throws CliFailure when Temporal is not configured or not reached; whatever `use` throws
 */
export async function withTemporal<T>(session: Session, use: (client: Client) => Promise<T>): Promise<T> {
  const temporal = readTemporalConfig(session.io.env);
  if ('errors' in temporal) throw wrongUse(temporal.errors.join('\n'));
  const { connectionOptions, namespace = 'default' } = temporal.connect;
  const connection = await connected(connectionOptions);
  try {
    const client = new Client({ connection, namespace });
    return await connection.withDeadline(Date.now() + CALL_MS, async () => use(client));
  } finally {
    await connection.close();
  }
}

async function connected(options: Parameters<typeof Connection.connect>[0]): Promise<Connection> {
  try {
    return await Connection.connect({ ...options, connectTimeout: CONNECT });
  } catch (error) {
    const address = options?.address ?? 'localhost:7233';
    const message = error instanceof Error ? error.message : String(error);
    throw new CliFailure(
      `Temporal at ${address} is not reached: ${message}\nCheck TEMPORAL_ADDRESS and its siblings.`,
      1,
      error,
    );
  }
}
