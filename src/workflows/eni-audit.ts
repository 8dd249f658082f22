import { isCancellation, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { AuditInput, AuditReport } from '../contract/audit.js';
import { sweeps, surveys } from './activities.js';
import { auditDetails } from './audit-details.js';
import { failureOf } from './failure.js';

/**
 * Compares every ENI of the cluster with every Attachment, once: wakes the pairs whose ENI is not as it should be, and
 * deletes leaked ENIs when it may. A Schedule starts it; what an audit saw it hands to the next one in its result.
 */
export async function eniAudit(input: AuditInput): Promise<AuditReport> {
  const last = workflowInfo().lastResult as AuditReport | undefined;
  const { leaked, ...result } = await surveys.surveyEnis({ ...input, sightings: last?.sightings ?? {} });
  const swept = input.orphanMode === 'delete' ? await sweep(input.clusterName, leaked) : { deleted: [], kept: [] };
  const report = { ...result, leaked: leaked.length, ...swept };
  setCurrentDetails(auditDetails(input, report));
  return report;
}

/** One that cannot be deleted does not keep the others, or the report. */
async function sweep(clusterName: string, eniIds: readonly string[]): Promise<Pick<AuditReport, 'deleted' | 'kept'>> {
  const deleted: string[] = [];
  const kept: string[] = [];
  const { deleteOrphan } = sweeps(clusterName);
  for (const eniId of eniIds) {
    try {
      const label = { summary: `delete ${eniId}` };
      if (await deleteOrphan.executeWithOptions(label, [{ eniId, clusterName }])) deleted.push(eniId);
      else kept.push(`${eniId}: no longer leaked, or frozen`);
    } catch (error) {
      if (isCancellation(error)) throw error;
      kept.push(`${eniId}: ${failureOf(error).message}`);
    }
  }
  return { deleted, kept };
}
