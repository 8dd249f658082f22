import type { Client } from '@temporalio/client';
import proto, { type temporal } from '@temporalio/proto'; // CommonJS whose names Node cannot see

import { AUDIT_WORKFLOW } from '../../src/contract/audit.js';
import { FAILURE_TYPES } from '../../src/contract/failures.js';
import { PAIR_WORKFLOW } from '../../src/contract/messages.js';
import { pairWorkflowIdPrefix } from '../../src/domain/names.js';

type Event = temporal.api.history.v1.IHistoryEvent;
type Failure = temporal.api.failure.v1.IFailure;
type RetryState = temporal.api.enums.v1.RetryState;

/** A run of a workflow. */
export interface Run {
  readonly workflowId: string;
  readonly runId: string;
  /** As Temporal calls it: `RUNNING`, `COMPLETED` … */
  readonly status: string;
}

const { RetryState: state } = proto.temporal.api.enums.v1;

/** Ends of an activity after which nobody tries it again, although nothing speaks against it. */
const GIVEN_UP: ReadonlySet<RetryState> = new Set([
  state.RETRY_STATE_TIMEOUT,
  state.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED,
  state.RETRY_STATE_RETRY_POLICY_NOT_SET,
  state.RETRY_STATE_INTERNAL_SERVER_ERROR,
]);

/** Every run of the pair workflows of a NodeENI, whatever they are called otherwise. */
export async function runsOf(client: Client, clusterName: string, nodeEni: string): Promise<Run[]> {
  const query = `WorkflowType = '${PAIR_WORKFLOW}' AND WorkflowId STARTS_WITH '${pairWorkflowIdPrefix(clusterName)}${nodeEni}:'`;
  return list(client, query);
}

/** Every audit that began at this time, or later. */
export async function auditsSince(client: Client, time: Date): Promise<Run[]> {
  return list(client, `WorkflowType = '${AUDIT_WORKFLOW}' AND StartTime >= '${time.toISOString()}'`);
}

/**
 * What is wrong in records at Temporal: a run that did not complete, a workflow under another id, an activity that was given up.
 * Empty when nothing is.
 */
export async function problemsOf(
  client: Client,
  runs: readonly Run[],
  isId: (workflowId: string) => boolean,
): Promise<string[]> {
  if (runs.length === 0) return ['no run of the workflow is known'];
  const found = runs.map(async (run) => {
    const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    return [...problemsOfRun(run, isId), ...(events ?? []).flatMap(problemsOfEvent)];
  });
  return (await Promise.all(found)).flat();
}

/** What an event says of an activity that nobody tries again. A `Stale` end is none: the pair looks and goes on. */
export function problemsOfEvent(event: Event): string[] {
  const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (failed) return ofEnd(failed.retryState, failed.failure);
  const local = event.markerRecordedEventAttributes?.failure;
  if (!local || typeOf(local) === FAILURE_TYPES.stale) return [];
  return [`a local activity failed: ${local.message ?? ''}`];
}

async function list(client: Client, query: string): Promise<Run[]> {
  const runs = await Array.fromAsync(client.workflow.list({ query }));
  return runs.map(({ workflowId, runId, status }) => ({ workflowId, runId, status: status.name }));
}

function problemsOfRun({ workflowId, status }: Run, isId: (workflowId: string) => boolean): string[] {
  return [
    ...(isId(workflowId) ? [] : [`another workflow: ${workflowId}`]),
    ...(status === 'COMPLETED' || status === 'CONTINUED_AS_NEW' ? [] : [`the workflow is ${status}`]),
  ];
}

function ofEnd(retryState: RetryState | null | undefined, failure: Failure | null | undefined): string[] {
  const message = `${failure?.message ?? ''} ${failure?.cause?.message ?? ''}`.trim();
  if (retryState && GIVEN_UP.has(retryState)) return [`an activity was given up: ${message}`];
  return typeOf(failure) === FAILURE_TYPES.blocked ? [`an activity ended as blocked: ${message}`] : [];
}

function typeOf(failure: Failure | null | undefined): string | null | undefined {
  return failure?.applicationFailureInfo?.type;
}
