import type { Attachment } from '../../domain/attachment.js';
import type { NodeEni } from '../../domain/node-eni.js';
import { compare } from '../../domain/pairing/compare.js';
import { pairKey, type DesiredPair, type SkippedNode } from '../../domain/pairing/desired.js';
import { planAttachments, type AttachmentPlan } from '../../domain/pairing/plan-attachments.js';
import { viewOf, type Cluster } from '../cluster/cluster.js';
import { changedFields } from './changed-fields.js';

/**
 * What becomes of a pair.
 * - `create`: it gets an ENI. `replace`: another one. `change`: the one that it has is changed in place.
 * - `remove`: its ENI is released. `conflict`: another NodeENI holds the slot.
 * - `skip`: the node can have none, or not yet. `paused`: nothing while it is frozen. `none`: it is as wanted.
 */
export type Action = 'create' | 'replace' | 'change' | 'remove' | 'conflict' | 'skip' | 'paused' | 'none';

/** What becomes of one pair of a node and a NodeENI of the file. */
export interface Prediction {
  readonly node: string;
  readonly nodeEni: string;
  readonly action: Action;
  /** Why, when, or which fields; may be empty. */
  readonly detail: string;
  /** Null: it should not exist any more, or cannot. */
  readonly desired: DesiredPair | null;
  /** Null: it has none yet. */
  readonly attachment: Attachment | null;
}

/**
 * What becomes of the pairs of these NodeENIs when they stand in the cluster, by the controller's own decisions.
 *
 * @param nodeEnis - as they will be; they replace those of the same name
 * @param now - milliseconds since 1970
 */
export function predict(cluster: Cluster, nodeEnis: readonly NodeEni[], now: number): Prediction[] {
  const names = new Set(nodeEnis.map(({ name }) => name));
  const others = cluster.nodeEnis.filter(({ name }) => !names.has(name));
  const plan = planAttachments(viewOf({ ...cluster, nodeEnis: [...others, ...nodeEnis] }, now));
  const uids = new Set(nodeEnis.map(({ uid }) => uid));
  const attachments = new Map(cluster.attachments.map((one) => [keyOf(one), one]));
  const desired = plan.desired.filter(({ nodeEni }) => uids.has(nodeEni.uid));
  const wanted = new Set(desired.map(pairKeyOf));
  const skipped = plan.skipped.filter(({ nodeEni }) => uids.has(nodeEni.uid));
  const leaving = cluster.attachments.filter((one) => uids.has(one.spec.nodeEni.uid) && !wanted.has(keyOf(one)));
  const predictions = [
    ...desired.map((pair) => ofDesired(pair, attachments.get(pairKeyOf(pair)), plan)),
    ...skipped.map(ofSkipped),
    ...leaving.map((attachment) => ofLeaving(attachment, plan)),
  ];
  return predictions.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function ofDesired(pair: DesiredPair, attachment: Attachment | undefined, plan: AttachmentPlan): Prediction {
  const base = { node: pair.node.name, nodeEni: pair.nodeEni.name, desired: pair, attachment: attachment ?? null };
  if (pair.paused) return { ...base, action: 'paused', detail: 'the NodeENI or the node is paused' };
  const winner = plan.conflicts.find((conflict) => conflict.pair === pair)?.winner;
  if (winner !== undefined) {
    const kept = attachment === undefined ? '' : '; the ENI that it has stays';
    return { ...base, action: 'conflict', detail: `NodeENI ${winner} holds the slot${kept}` };
  }
  if (attachment === undefined) return { ...base, action: 'create', detail: '' };
  if (attachment.deleting) return { ...base, action: 'replace', detail: 'as soon as the present one is released' };
  return { ...base, ...ofExisting(pair, attachment, plan) };
}

function ofExisting(
  pair: DesiredPair,
  attachment: Attachment,
  plan: AttachmentPlan,
): Pick<Prediction, 'action' | 'detail'> {
  switch (compare(attachment, pair)) {
    case 'asWanted':
      return { action: 'none', detail: '' };
    case 'inPlace':
      return { action: 'change', detail: changedFields(attachment.spec, pair.spec).join('; ') };
    case 'otherNode':
      return { action: 'replace', detail: 'the node is another machine now' };
    case 'replace':
      return { action: 'replace', detail: when(pair, attachment, plan) };
  }
}

function when({ nodeEni }: DesiredPair, attachment: Attachment, plan: AttachmentPlan): string {
  const { type, maxUnavailable } = nodeEni.spec.updateStrategy;
  if (type === 'OnDelete') return `when you delete NodeENIAttachment ${attachment.name}`;
  const first = plan.remove.some((removal) => removal.attachment === attachment);
  return first ? 'at once' : `in its turn, at most ${maxUnavailable} at a time`;
}

function ofSkipped({ nodeEni, node, why }: SkippedNode): Prediction {
  const detail = why === 'waiting' ? 'the Node has no providerID yet' : `${node.providerId} is no EC2 instance`;
  return { node: node.name, nodeEni: nodeEni.name, action: 'skip', detail, desired: null, attachment: null };
}

function ofLeaving(attachment: Attachment, plan: AttachmentPlan): Prediction {
  const { nodeName, nodeEni } = attachment.spec;
  const base = { node: nodeName, nodeEni: nodeEni.name, desired: null, attachment };
  const removal = plan.remove.find((one) => one.attachment === attachment);
  if (removal !== undefined) return { ...base, action: 'remove', detail: 'nodeSelector does not select the node' };
  if (attachment.deleting) return { ...base, action: 'remove', detail: 'it is being released already' };
  return { ...base, action: 'paused', detail: 'it stays while it is paused, or its node has no providerID' };
}

function keyOf({ spec }: Attachment): string {
  return pairKey(spec.nodeEni.uid, spec.nodeName);
}

function pairKeyOf({ nodeEni, node }: DesiredPair): string {
  return pairKey(nodeEni.uid, node.name);
}

function sortKey({ node, nodeEni }: Prediction): string {
  return `${nodeEni} ${node}`;
}
