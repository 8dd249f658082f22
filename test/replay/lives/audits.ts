import type { Client } from '@temporalio/client';
import type { PairActivities } from '../../../src/contract/activities.js';
import {
  AUDIT_WORKFLOW,
  type AuditActivities,
  type AuditInput,
  type SurveyResult,
} from '../../../src/contract/audit.js';
import { auditId, taskQueue } from '../../../src/domain/names.js';
import { ensureAuditSchedule } from '../../../src/watcher/audit-schedule.js';
import { eventually } from '../../../dev/stack/eventually.js';
import type { PairLab } from '../../support/builders-temporal.js';
import { type Lives, refusal } from '../life.js';

const HOUR = 3_600_000;

const NOTHING: SurveyResult = {
  enis: 2,
  attachments: 2,
  drift: {},
  woken: 0,
  notWoken: 0,
  orphans: { available: 0, attached: 0 },
  sightings: {},
  leaked: [],
};

const LEAKED: SurveyResult = {
  ...NOTHING,
  attachments: 0,
  orphans: { available: 2, attached: 0 },
  sightings: { 'eni-1': 1, 'eni-2': 2 },
  leaked: ['eni-1', 'eni-2'],
};

/** The audits of a cluster. */
export const AUDITS: Lives = {
  'audit-of-nothing': {
    changed: () => finds(NOTHING),
    live: async (lab, client) => audit(lab, client, 'report'),
    shows: ['surveyEnis', 'WORKFLOW_EXECUTION_COMPLETED'],
  },
  'audit-of-drift': {
    changed: () => finds({ ...NOTHING, drift: { detached: 1, tags: 2 }, woken: 2, notWoken: 1 }),
    live: async (lab, client) => audit(lab, client, 'report'),
    shows: ['surveyEnis', 'WORKFLOW_EXECUTION_COMPLETED'],
  },
  'audit-that-reports-leaks': {
    changed: () => finds(LEAKED),
    live: async (lab, client) => audit(lab, client, 'report'),
    shows: ['surveyEnis', 'WORKFLOW_EXECUTION_COMPLETED'],
  },
  'audit-that-deletes-leaks': {
    changed: () =>
      finds(LEAKED, async ({ eniId }) => {
        if (eniId === 'eni-1') throw refusal({ reason: 'PermissionDenied', definite: true });
        return true;
      }),
    live: async (lab, client) => audit(lab, client, 'delete'),
    shows: ['delete eni-1', 'ACTIVITY_TASK_FAILED', 'delete eni-2', 'WORKFLOW_EXECUTION_COMPLETED'],
  },
  'audit-after-another': {
    changed: () => finds({ ...LEAKED, leaked: [] }),
    live: async (lab, client) => {
      await ensureAuditSchedule(client, input(lab, 'report'), HOUR);
      const schedule = client.schedule.getHandle(auditId(lab.cloud.clusterName));
      for (const number of [1, 2]) {
        await schedule.trigger();
        const run = await eventually(`audit ${number} has begun`, async () => {
          const { recentActions } = (await schedule.describe()).info;
          return recentActions[number - 1]?.action;
        });
        lab.handle = client.workflow.getHandle(run.workflow.workflowId);
        await lab.handle.result();
      }
      await schedule.delete();
    },
    // The sightings of the first one reach the second in its first event.
    shows: ['surveyEnis', 'WORKFLOW_EXECUTION_COMPLETED'],
  },
};

function input({ cloud }: PairLab, orphanMode: AuditInput['orphanMode']): AuditInput {
  return { clusterName: cloud.clusterName, orphanMode, orphanMinAgeMs: 0 };
}

async function audit(lab: PairLab, client: Client, orphanMode: AuditInput['orphanMode']): Promise<void> {
  const { clusterName } = lab.cloud;
  lab.handle = await client.workflow.start(AUDIT_WORKFLOW, {
    workflowId: auditId(clusterName),
    taskQueue: taskQueue(clusterName),
    args: [input(lab, orphanMode)],
  });
  await lab.handle.result();
}

function finds(
  survey: SurveyResult,
  deleteOrphan: AuditActivities['deleteOrphan'] = async () => true,
): Partial<PairActivities> & AuditActivities {
  return { surveyEnis: async () => survey, deleteOrphan };
}
