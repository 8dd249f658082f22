import { Client, Connection } from '@temporalio/client';

import { eventually } from '../../../dev/stack/eventually.js';
import type { TemporalServer } from '../../../dev/stack/temporal.js';
import { targetOf } from '../../../src/contract/activities.js';
import type { Attachment } from '../../../src/domain/attachment.js';
import { concurrently } from '../../../src/domain/concurrently.js';
import { createPairWorkflows } from '../../../src/watcher/pair-workflows.js';
import { CLUSTER } from './seed-objects.js';

/** The server does no more at a time. */
const AT_ONCE = 20;

/**
 * Starts the workflow of each Attachment, and resolves when Temporal lists them all as running, which lags behind.
 * No worker is there, so that they stay as they are.
 */
export async function seedWorkflows(temporal: TemporalServer, attachments: readonly Attachment[]): Promise<void> {
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const workflows = createPairWorkflows(client, CLUSTER, true);
  const [failure] = await concurrently(AT_ONCE, attachments, (one) =>
    workflows.wake(targetOf(CLUSTER, one), one.spec.instanceId, false),
  );
  if (failure !== undefined) throw failure.error;
  const query = `ExecutionStatus = 'Running'`;
  await eventually(
    'Temporal lists every workflow',
    async () => (await client.workflow.count(query)).count === attachments.length,
    { timeoutMs: 60_000 },
  );
  await connection.close();
}

/** Signals one workflow, by hand. */
export async function signalOne(temporal: TemporalServer, workflowId: string): Promise<void> {
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  await client.workflow.getHandle(workflowId).signal('by-hand');
  await connection.close();
}
