import type { Attachment } from '../../domain/attachment.js';
import { pairKey, type DesiredPair, type SkippedNode } from '../../domain/pairing/desired.js';
import { planAttachments, type AttachmentPlan } from '../../domain/pairing/plan-attachments.js';
import { viewOf, type Cluster } from '../cluster/cluster.js';

/** Where a pair of a node and a NodeENI stands, besides what its Attachment says. */
export type PairState =
  | { readonly kind: 'attachment'; readonly attachment: Attachment; readonly desired: DesiredPair | null }
  /** Another NodeENI has the slot. */
  | { readonly kind: 'conflict'; readonly desired: DesiredPair; readonly winner: string }
  /** Node or NodeENI are frozen, so that no Attachment is made. */
  | { readonly kind: 'paused'; readonly desired: DesiredPair }
  /** It should have an Attachment, and the watcher has made none yet. */
  | { readonly kind: 'missing'; readonly desired: DesiredPair }
  | { readonly kind: 'skipped'; readonly why: SkippedNode['why'] };

/** A pair that exists or should. */
export interface Pair {
  readonly node: string;
  readonly nodeEni: string;
  readonly state: PairState;
  /** Another NodeENI that has the slot which this one wants, even while it keeps an older one. */
  readonly conflictWith: string | null;
}

/** All pairs that exist or should, by node, then by NodeENI. */
export function pairsOf(cluster: Cluster, now: number): Pair[] {
  const plan = planAttachments(viewOf(cluster, now));
  const winners = new Map(plan.conflicts.map(({ pair, winner }) => [keyOf(pair), winner]));
  const desired = new Map(plan.desired.map((pair) => [keyOf(pair), pair]));
  const attached = new Set(cluster.attachments.map(({ spec }) => pairKey(spec.nodeEni.uid, spec.nodeName)));
  const existing = cluster.attachments.map((attachment): Pair => {
    const { nodeEni, nodeName } = attachment.spec;
    const key = pairKey(nodeEni.uid, nodeName);
    const state = { kind: 'attachment', attachment, desired: desired.get(key) ?? null } as const;
    return { node: nodeName, nodeEni: nodeEni.name, state, conflictWith: winners.get(key) ?? null };
  });
  const missing = plan.desired
    .filter((pair) => !attached.has(keyOf(pair)))
    .map((pair) => withoutAttachment(pair, winners.get(keyOf(pair))));
  return [...existing, ...missing, ...skippedPairs(plan, attached)].toSorted(byNames);
}

function skippedPairs(plan: AttachmentPlan, attached: ReadonlySet<string>): Pair[] {
  return plan.skipped
    .filter(({ nodeEni, node }) => !attached.has(pairKey(nodeEni.uid, node.name)))
    .map(({ nodeEni, node, why }) => {
      return { node: node.name, nodeEni: nodeEni.name, state: { kind: 'skipped', why }, conflictWith: null };
    });
}

function withoutAttachment(desired: DesiredPair, winner: string | undefined): Pair {
  const names = { node: desired.node.name, nodeEni: desired.nodeEni.name, conflictWith: winner ?? null };
  if (winner !== undefined) return { ...names, state: { kind: 'conflict', desired, winner } };
  return { ...names, state: { kind: desired.paused ? 'paused' : 'missing', desired } };
}

function keyOf(pair: DesiredPair): string {
  return pairKey(pair.nodeEni.uid, pair.node.name);
}

function byNames(a: Pair, b: Pair): number {
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  return a.nodeEni < b.nodeEni ? -1 : 1;
}
