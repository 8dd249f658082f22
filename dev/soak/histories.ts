import { pairWorkflowIdPrefix } from '../../src/domain/names.js';
import type { World } from '../world/world.js';
import { CLUSTER_NAME } from './cluster.js';

/** The workflows of a run, in Temporal's books. */
export interface Histories {
  readonly running: number;
  /** Events of a running workflow's history. */
  readonly meanEvents: number;
  readonly mostEvents: number;
  /** Workflow ids whose latest run failed or timed out, which none should. */
  readonly failed: readonly string[];
  /** Runs that failed, and were followed by another. */
  readonly begunAnew: number;
}

const AT_ONCE = 8;
const NONE = { running: 0, meanEvents: 0, mostEvents: 0 };

/** Reads how long the histories are, and which workflows failed. */
export async function readHistories({ pairs }: Pick<World, 'pairs'>): Promise<Histories> {
  return pairs.temporal(async (client) => {
    const prefix = `WorkflowId STARTS_WITH '${pairWorkflowIdPrefix(CLUSTER_NAME)}'`;
    const list = async (status: string): Promise<string[]> => {
      const query = `${prefix} AND (${status})`;
      const found = await Array.fromAsync(client.workflow.list({ query, pageSize: 1000 }));
      return found.map(({ workflowId }) => workflowId);
    };
    const running = await list("ExecutionStatus = 'Running'");
    const failedRuns = await list("ExecutionStatus = 'Failed' OR ExecutionStatus = 'TimedOut'");
    const failed: string[] = [];
    for (const id of new Set(failedRuns)) {
      const { status } = await client.workflow.getHandle(id).describe();
      if (status.name === 'FAILED' || status.name === 'TIMED_OUT') failed.push(id);
    }
    const ended = { failed, begunAnew: failedRuns.length - failed.length };
    const lengths: number[] = [];
    for (let start = 0; start < running.length; start += AT_ONCE) {
      const batch = running.slice(start, start + AT_ONCE).map((id) => client.workflow.getHandle(id).describe());
      lengths.push(...(await Promise.all(batch)).map(({ historyLength }) => historyLength));
    }
    if (lengths.length === 0) return { ...NONE, ...ended };
    const sum = lengths.reduce((total, length) => total + length, 0);
    const meanEvents = Math.round(sum / lengths.length);
    return { running: lengths.length, meanEvents, mostEvents: Math.max(...lengths), ...ended };
  });
}
