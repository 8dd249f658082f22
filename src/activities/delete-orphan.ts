import type { Orphan } from '../contract/audit.js';
import { unownedEnis } from '../domain/audit/unowned.js';
import type { EniFacts } from '../domain/observation.js';
import { TAG_KEYS } from '../domain/tags.js';
import type { AuditDeps } from './audit-deps.js';
import { isEc2Failure } from './map-error.js';

/**
 * Deletes a leaked ENI, if a fresh look at it, at the Attachments of its node and at what is frozen shows that it still is
 * one. Returns whether EC2 has taken the request.
 */
export async function deleteOrphan(deps: AuditDeps, { eniId }: Orphan): Promise<boolean> {
  const eni = await deps.ec2.eni(eniId);
  if (eni === null || !(await isLeaked(deps, eni))) return false;
  try {
    await deps.ec2.deleteEni(eniId);
  } catch (error) {
    // Somebody else deleted it, or has just attached it.
    if (isEc2Failure(error) && (error.kind === 'gone' || error.kind === 'waiting')) return false;
    throw error;
  }
  deps.observer.onOrphanDeleted();
  const { [TAG_KEYS.nodeEni]: name = 'unknown', [TAG_KEYS.nodeEniUid]: uid = '' } = eni.tags;
  const message = `${eniId} had no NodeENIAttachment and was attached to nothing`;
  deps.recorder.record({ kind: 'NodeENI', name, uid, type: 'Normal', reason: 'OrphanDeleted', message });
  return true;
}

async function isLeaked(deps: AuditDeps, eni: EniFacts): Promise<boolean> {
  if (eni.attachment !== null || eni.tags[TAG_KEYS.cluster] !== deps.clusterName) return false;
  const { [TAG_KEYS.node]: nodeName, [TAG_KEYS.nodeEni]: nodeEniName } = eni.tags;
  const onNode = nodeName === undefined ? deps.attachments.listAll() : deps.attachments.listByNode(nodeName);
  if (unownedEnis([eni], await onNode).length === 0) return false;
  return !(await deps.isFrozen(nodeEniName ?? '', nodeName ?? ''));
}
