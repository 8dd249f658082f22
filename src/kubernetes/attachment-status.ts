import type { DesiredStatus } from '../domain/attachment-status.js';
import { type WireCondition, withTimes } from './conditions.js';
import { type Json, mergePatch } from './merge.js';

/**
 * The merge patch for an Attachment's status; null when only times would change.
 *
 * @param before - the status as the API has it
 */
export function statusPatch(before: Json, status: DesiredStatus, now: string): Json | null {
  const { eniId, attachmentId, privateIp, subnetId, workflowId, ...sameNames } = status;
  const wire = {
    ...sameNames,
    eniID: eniId,
    attachmentID: attachmentId,
    privateIP: privateIp,
    subnetID: subnetId,
    workflowID: workflowId,
    conditions: withTimes([ready(status)], conditionsOf(before), now),
    lastUpdated: before['lastUpdated'],
    attachedAt: status.phase === 'Attached' ? (before['attachedAt'] ?? now) : undefined,
  };
  const patch = mergePatch(before, wire);
  return Object.keys(patch).length === 0 ? null : { ...patch, lastUpdated: now };
}

function ready(status: DesiredStatus): Omit<WireCondition, 'lastTransitionTime'> {
  const { phase, reason, message, observedGeneration = 0 } = status;
  const isReady = phase === 'Attached';
  return {
    type: 'Ready',
    status: isReady ? 'True' : 'False',
    reason: reason ?? phase,
    message: message ?? '',
    observedGeneration,
  };
}

function conditionsOf(status: Json): readonly Partial<WireCondition>[] {
  const { conditions } = status;
  return Array.isArray(conditions) ? (conditions as Partial<WireCondition>[]) : [];
}
