import { targetOf } from '../contract/activities.js';
import { LEAKED_LIMIT, type AuditActivities, type SurveyResult } from '../contract/audit.js';
import type { Finding } from '../domain/audit/drift.js';
import { leaked, sight } from '../domain/audit/sightings.js';
import { countDrifts, survey } from '../domain/audit/survey.js';
import { concurrently } from '../domain/concurrently.js';
import type { EniFacts } from '../domain/observation.js';
import { TAG_KEYS } from '../domain/tags.js';
import type { AuditDeps } from './audit-deps.js';

/** Signals to Temporal at a time. */
const WAKES_AT_A_TIME = 20;

/** ENIs without an owner that are told of one by one, by an Event each. */
const TOLD_LIMIT = 20;

/**
 * Looks at every ENI of the cluster and every Attachment. The ENIs are listed first: each had its Attachment before it was
 * made, so that one without is no matter of timing.
 */
export async function surveyEnis(
  deps: AuditDeps,
  input: Parameters<AuditActivities['surveyEnis']>[0],
): Promise<SurveyResult> {
  const listedAt = Date.now();
  const enis = (await Array.fromAsync(deps.ec2.clusterEnis())).flat();
  const attachments = await deps.attachments.listAll();
  const found = survey({ clusterName: deps.clusterName, enis, listedAt, attachments });
  const notWoken = await wakeAll(deps, found.findings);
  const available = found.available.map(({ eniId }) => eniId).sort();
  const sightings = sight(input.sightings, available, listedAt);
  const result = {
    enis: enis.length,
    attachments: attachments.length,
    drift: countDrifts(found.findings),
    woken: found.findings.length - notWoken,
    notWoken,
    orphans: { available: available.length, attached: found.attached.length },
    sightings,
    leaked: leaked(input.sightings, sightings, input.orphanMinAgeMs, listedAt).slice(0, LEAKED_LIMIT),
  };
  for (const eni of [...found.available, ...found.attached].slice(0, TOLD_LIMIT)) tell(deps, eni);
  deps.observer.onSurvey(result, (Date.now() - listedAt) / 1000);
  return result;
}

/** Returns how many could not be woken: their workflow does not run, and the watcher starts it again. */
async function wakeAll(deps: AuditDeps, findings: readonly Finding[]): Promise<number> {
  const failed = await concurrently(WAKES_AT_A_TIME, findings, async ({ attachment, drifts }) => {
    const { name, uid, status } = attachment;
    const message = `${status.eniId ?? 'the ENI'} is not as it should be: ${drifts.join(', ')}; the pair looks again`;
    deps.recorder.record({ kind: 'NodeENIAttachment', name, uid, type: 'Warning', reason: 'DriftFound', message });
    await deps.wake(targetOf(deps.clusterName, attachment));
  });
  return failed.length;
}

function tell({ recorder }: AuditDeps, { eniId, tags, attachment }: EniFacts): void {
  const where = attachment === null ? 'is attached to nothing' : `is on ${attachment.instanceId}; left alone`;
  recorder.record({
    kind: 'NodeENI',
    name: tags[TAG_KEYS.nodeEni] ?? 'unknown',
    uid: tags[TAG_KEYS.nodeEniUid] ?? '',
    type: 'Warning',
    reason: 'OrphanFound',
    message: `${eniId} carries the tags of node ${tags[TAG_KEYS.node] ?? 'unknown'}, has no NodeENIAttachment, and ${where}`,
  });
}
