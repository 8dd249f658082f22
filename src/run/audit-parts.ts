import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { AuditDeps } from '../activities/audit-deps.js';
import { createAuditActivities } from '../activities/audit.js';
import type { Ec2 } from '../aws/ec2.js';
import type { Target } from '../contract/activities.js';
import type { AuditActivities } from '../contract/audit.js';
import { reconcileSignal } from '../contract/messages.js';
import { DRIFTS } from '../domain/audit/drift.js';
import { pairWorkflowId } from '../domain/names.js';
import type { AttachmentClient } from '../kubernetes/attachments.js';
import { EventRecorder } from '../kubernetes/events.js';
import { Freezes } from '../kubernetes/frozen.js';
import { auditMetrics } from '../observability/audit-metrics.js';
import type { AuditObserver } from '../observability/metrics.js';
import type { RoleContext } from './role.js';

/** A report of an audit counts for so many of its intervals: by then another process has made a newer one. */
const FRESH_INTERVALS = 3;

/** The activities of the audit, over the worker's own connections. */
export function auditActivities(
  { clusterName, config, kubernetes, log, metrics, temporal }: RoleContext,
  parts: { connection: NativeConnection; ec2: Ec2; attachments: AttachmentClient },
): AuditActivities {
  const freezes = new Freezes(kubernetes);
  const client = new Client({ connection: parts.connection, namespace: temporal.namespace ?? 'default' });
  return createAuditActivities({
    clusterName,
    ec2: parts.ec2,
    attachments: parts.attachments,
    isFrozen: (nodeEniName, nodeName) => freezes.isFrozen(nodeEniName, nodeName),
    wake: (target) => wake(client, target),
    recorder: new EventRecorder({ core: kubernetes.core, log }),
    observer: observerOf(auditMetrics(metrics.registry, { freshMs: FRESH_INTERVALS * config.auditMs, kinds: DRIFTS })),
  });
}

function observerOf(metrics: AuditObserver): AuditDeps['observer'] {
  return {
    onSurvey: ({ drift, orphans, enis, woken }, seconds) =>
      metrics.onAudit({ findings: drift, orphans: { ...orphans, deleted: 0 }, enis, woken, seconds }),
    onOrphanDeleted: () => metrics.onOrphanDeleted(),
  };
}

/** A workflow that does not run is started by the watcher's resync, which knows how. */
async function wake(client: Client, target: Target): Promise<void> {
  const { clusterName, nodeEniName, nodeName } = target;
  await client.workflow.getHandle(pairWorkflowId(clusterName, nodeEniName, nodeName)).signal(reconcileSignal, target);
}
