import type { Attachment } from './attachment.js';
import type { NodeEni } from './node-eni.js';
import type { DesiredPair } from './pairing/desired.js';
import type { AttachmentPlan } from './pairing/plan-attachments.js';

/** What the status of one NodeENI is derived from. */
export interface NodeEniFacts {
  readonly nodeEni: NodeEni;
  readonly pairs: readonly DesiredPair[];
  readonly attachments: readonly Attachment[];
  readonly conflicts: AttachmentPlan['conflicts'];
  readonly skipped: AttachmentPlan['skipped'];
}

/** Groups a plan and the Attachments by NodeENI, in one pass over each. */
export function factsByNodeEni(
  nodeEnis: readonly NodeEni[],
  attachments: readonly Attachment[],
  plan: AttachmentPlan,
): NodeEniFacts[] {
  const pairs = Map.groupBy(plan.desired, (pair) => pair.nodeEni.uid);
  const owned = Map.groupBy(attachments, (attachment) => attachment.spec.nodeEni.uid);
  const conflicts = Map.groupBy(plan.conflicts, (conflict) => conflict.pair.nodeEni.uid);
  const skipped = Map.groupBy(plan.skipped, (skip) => skip.nodeEni.uid);
  return nodeEnis.map((nodeEni) => ({
    nodeEni,
    pairs: pairs.get(nodeEni.uid) ?? [],
    attachments: owned.get(nodeEni.uid) ?? [],
    conflicts: conflicts.get(nodeEni.uid) ?? [],
    skipped: skipped.get(nodeEni.uid) ?? [],
  }));
}
