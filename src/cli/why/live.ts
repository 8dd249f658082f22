import { type Client, WorkflowNotFoundError } from '@temporalio/client';

import { stateQuery } from '../../contract/messages.js';
import { CliFailure } from '../failure.js';
import type { Session } from '../session.js';
import { withTemporal } from '../temporal/connect.js';
import { pendingActivities, type PendingActivity } from '../temporal/pending.js';

/** What Temporal knows of a pair's workflow at this moment. */
export interface Live {
  /** `running`, or how it ended; `unknown`: there is none of the id. */
  readonly status: string;
  readonly pending: readonly PendingActivity[];
  /** When a blocked pair looks again by itself, RFC 3339; null when it does not wait for a time, or no worker answers. */
  readonly nextLookAt: string | null;
}

/** The workflows' state by id, or in words why it could not be had. */
export type LiveStates = { readonly states: ReadonlyMap<string, Live> } | { readonly failure: string };

/** Longest wait for a worker to answer: whoever reads this may be looking for a worker that is down. */
const QUERY_MS = 3_000;

/** Asks Temporal for the workflows of these ids. Never throws. */
export async function liveStates(session: Session, workflowIds: readonly string[]): Promise<LiveStates> {
  if (workflowIds.length === 0) return { states: new Map() };
  try {
    return await withTemporal(session, async (client) => {
      const states = workflowIds.map(async (id) => [id, await liveState(client, id)] as const);
      return { states: new Map(await Promise.all(states)) };
    });
  } catch (error) {
    if (error instanceof CliFailure) return { failure: error.message };
    return { failure: `Temporal does not answer: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function liveState(client: Client, workflowId: string): Promise<Live> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status, raw } = await handle.describe();
    const running = status.name === 'RUNNING';
    const nextLookAt = running ? await nextLook(client, workflowId) : null;
    return { status: status.name.toLowerCase(), pending: pendingActivities(raw), nextLookAt };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { status: 'unknown', pending: [], nextLookAt: null };
    throw error;
  }
}

async function nextLook(client: Client, workflowId: string): Promise<string | null> {
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, async () => {
      return (await client.workflow.getHandle(workflowId).query(stateQuery)).nextLookAt;
    });
  } catch {
    return null;
  }
}
