import type { Client } from '@temporalio/client';

import { AUDIT_WORKFLOW, type AuditReport } from '../../contract/audit.js';
import { auditId } from '../../domain/names.js';
import { CliFailure } from '../failure.js';
import { ago } from '../render/age.js';
import { table } from '../render/table.js';
import type { Session } from '../session.js';
import { withTemporal } from '../temporal/connect.js';
import { aboutWorkflow } from '../temporal/failures.js';

interface Audit {
  readonly workflowId: string;
  readonly completedAt: string;
  readonly report: AuditReport;
}

/** Prints the ENIs without an Attachment, as the last audit saw them. @throws CliFailure when no audit has completed */
export async function orphans(session: Session): Promise<void> {
  const clusterName = await session.clusterName();
  const audit = await withTemporal(session, async (client) => lastAudit(client, clusterName));
  const { report, completedAt, workflowId } = audit;
  const found = free(report);
  const counts = { free: report.orphans.available - report.deleted.length, attached: report.orphans.attached };
  const data = {
    clusterName,
    workflowId,
    completedAt,
    counts,
    enis: found,
    deleted: report.deleted,
    kept: report.kept,
  };
  session.print(data, () => text(audit, clusterName, session.io.now()));
}

async function lastAudit(client: Client, clusterName: string): Promise<Audit> {
  const id = auditId(clusterName);
  const missing = `Temporal has no audit of cluster ${clusterName}`;
  return aboutWorkflow(`read the last audit of ${clusterName}`, missing, async () => {
    // The ids of a cluster's audits begin alike for a cluster whose name goes on: the Schedule's id does not.
    const query = `WorkflowType = '${AUDIT_WORKFLOW}' AND ExecutionStatus = 'Completed' AND TemporalScheduledById = '${id}'`;
    for await (const { workflowId, runId, closeTime } of client.workflow.list({ query, pageSize: 1 })) {
      const report = (await client.workflow.getHandle(workflowId, runId).result()) as AuditReport;
      return { workflowId, completedAt: closeTime?.toISOString() ?? '', report };
    }
    throw new CliFailure(
      `no audit of cluster ${clusterName} has been completed\n` +
        'The first one comes within MULTI_ENI_AUDIT_INTERVAL. If the controller has another name for the cluster, give --cluster-name.',
    );
  });
}

/** Free ENIs that the audit did not delete itself, each with the time since which audits have seen it. */
function free({ sightings, deleted }: AuditReport): { eniId: string; firstSeen: string }[] {
  return Object.entries(sightings)
    .filter(([eniId]) => !deleted.includes(eniId))
    .map(([eniId, at]) => ({ eniId, firstSeen: new Date(at).toISOString() }))
    .toSorted((a, b) => (a.firstSeen < b.firstSeen ? -1 : 1));
}

function text({ report, completedAt }: Audit, clusterName: string, now: number): string {
  const { enis, attachments, deleted, orphans: counts } = report;
  const found = free(report);
  const attached =
    counts.attached === 0
      ? ''
      : `${counts.attached} without a NodeENIAttachment at an instance, left alone: see \`kubectl get events --field-selector reason=OrphanFound\`\n`;
  return [
    `The audit of cluster ${clusterName}, ${ago(completedAt, now)} ago, saw ${enis} ENIs and ${attachments} NodeENIAttachments.\n`,
    found.length === 0 ? 'No free ENI is without a NodeENIAttachment.\n' : '',
    deleted.length === 0 ? '' : `It deleted ${deleted.join(', ')}.\n`,
    attached,
    found.length === 0
      ? ''
      : `\n${table(
          ['ENI', 'First seen', 'Age'],
          found.map(({ eniId, firstSeen }) => [eniId, firstSeen, ago(firstSeen, now)]),
        )}`,
  ].join('');
}
