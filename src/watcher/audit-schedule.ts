import { isDeepStrictEqual } from 'node:util';

import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { AUDIT_WORKFLOW, type AuditInput, type AuditReport } from '../contract/audit.js';
import { auditId, taskQueue } from '../domain/names.js';

/** The type of the workflow function, without its code. */
type AuditWorkflow = (input: AuditInput) => Promise<AuditReport>;

type AuditSchedule = Omit<ScheduleOptions<ScheduleOptionsStartWorkflowAction<AuditWorkflow>>, 'scheduleId'>;

/** An audit that was missed while Temporal was down is made up for only when it was due this lately. */
const CATCH_UP = '1 minute';

/**
 * Makes the Schedule of the cluster's audit, or brings it to these settings. One that somebody has paused stays paused.
 * Idempotent.
 */
export async function ensureAuditSchedule(client: Client, input: AuditInput, everyMs: number): Promise<void> {
  const scheduleId = auditId(input.clusterName);
  const wanted = scheduleOf(input, everyMs);
  try {
    await client.schedule.create<AuditWorkflow>({ scheduleId, ...wanted });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = client.schedule.getHandle(scheduleId);
    if (isAsWanted(await handle.describe(), input, everyMs)) return;
    await handle.update<AuditWorkflow>(({ state }) => ({ ...wanted, state }));
  }
}

function scheduleOf(input: AuditInput, everyMs: number): AuditSchedule {
  return {
    spec: { intervals: [{ every: everyMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP },
    action: {
      type: 'startWorkflow',
      workflowType: AUDIT_WORKFLOW,
      workflowId: auditId(input.clusterName),
      taskQueue: taskQueue(input.clusterName),
      args: [input],
      staticSummary: `Audit of the ENIs of ${input.clusterName}`,
      staticDetails: 'Compares every ENI of the cluster with every NodeENIAttachment, and wakes the pairs that differ.',
    },
  };
}

function isAsWanted({ spec, action }: ScheduleDescription, input: AuditInput, everyMs: number): boolean {
  const [interval, ...more] = spec.intervals ?? [];
  return more.length === 0 && interval?.every === everyMs && isDeepStrictEqual(action.args, [input]);
}
