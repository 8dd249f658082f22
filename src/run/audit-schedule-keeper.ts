import type { Client } from '@temporalio/client';
import { ensureAuditSchedule } from '../watcher/audit-schedule.js';
import type { RoleContext } from './role.js';

/**
 * Makes the audit's Schedule, and looks at every resync whether it is still there: it is lost with Temporal's database.
 *
 * @returns ends it
 */
export function keepAuditSchedule({ config, clusterName, log }: RoleContext, client: Client): () => void {
  const { orphanMode, orphanMinAgeMs, auditMs, resyncMs } = config;
  const ensure = (): void => {
    ensureAuditSchedule(client, { clusterName, orphanMode, orphanMinAgeMs }, auditMs).catch((error: unknown) => {
      log.warn({ error: String(error), retryInMs: resyncMs }, 'the Schedule of the audit could not be made');
    });
  };
  ensure();
  const timer = setInterval(ensure, resyncMs);
  return () => clearInterval(timer);
}
