import type { Attachment, AttachmentSpec } from '../attachment.js';
import type { ClusterNode } from '../node.js';
import type { NodeEni } from '../node-eni.js';
import { compare } from './compare.js';
import { desiredPairs, forceDetachAfter, pairKey, type DesiredPair, type SkippedNode } from './desired.js';
import { rollingReplacements } from './rolling.js';
import { slotWinners, type Conflict } from './slots.js';

/** All that the watcher knows, from synced caches only. */
export interface ClusterView {
  readonly nodes: readonly ClusterNode[];
  readonly nodeEnis: readonly NodeEni[];
  readonly attachments: readonly Attachment[];
  /** Names of objects that exist but could not be parsed: nothing is decided about what depends on them. */
  readonly unreadable?: { readonly nodes: readonly string[]; readonly nodeEnis: readonly string[] };
  /** Epoch milliseconds. */
  readonly now: number;
  /** Until when the next life of a flapping pair is held back, by {@link pairKey} with the node's UID for its name. */
  readonly heldUntil: ReadonlyMap<string, number>;
}

/** Why an Attachment is removed. */
export type RemovalCause = 'unmatched' | 'ownerGone' | 'otherNode' | 'replaced';

/** What has to change for the Attachments to be those that should exist. */
export interface AttachmentPlan {
  readonly create: readonly AttachmentSpec[];
  readonly update: readonly { readonly attachment: Attachment; readonly spec: AttachmentSpec }[];
  readonly remove: readonly { readonly attachment: Attachment; readonly cause: RemovalCause }[];
  readonly addFinalizer: readonly NodeEni[];
  /** No Attachment of theirs is known; a live list has the last word. */
  readonly removeFinalizer: readonly NodeEni[];
  readonly desired: readonly DesiredPair[];
  readonly conflicts: readonly Conflict[];
  readonly skipped: readonly SkippedNode[];
  /** When a held pair may go on; null when none is held. */
  readonly lookAgainAt: number | null;
}

/** Decides which Attachments to make, change and remove. Pure: the same view gives the same plan. */
export function planAttachments(view: ClusterView): AttachmentPlan {
  const { pairs, skipped } = desiredPairs(view.nodes, view.nodeEnis);
  const byPair = new Map(pairs.map((pair) => [pairKey(pair.nodeEni.uid, pair.node.name), pair]));
  const { winners, conflicts } = slotWinners(pairs, view.attachments);
  // A pair that has lost its new slot to another NodeENI keeps the ENI that it has.
  const winning = new Map(winners.map((pair) => [pairKey(pair.nodeEni.uid, pair.node.name), pair]));
  const existing = planExisting(view, { byPair, winning }, skipped);
  const taken = new Set(view.attachments.map(({ spec }) => pairKey(spec.nodeEni.uid, spec.nodeName)));
  const missing = winners.filter((pair) => !pair.paused && !taken.has(pairKey(pair.nodeEni.uid, pair.node.name)));
  const held = missing.map((pair) => heldUntil(view, pair)).filter((until) => until > view.now);
  const create = missing.filter((pair) => heldUntil(view, pair) <= view.now);
  return {
    ...existing,
    create: create.filter((pair) => pair.nodeEni.hasFinalizer).map((pair) => pair.spec),
    addFinalizer: distinct(create.map((pair) => pair.nodeEni).filter((nodeEni) => !nodeEni.hasFinalizer)),
    removeFinalizer: view.nodeEnis.filter((nodeEni) => isDone(nodeEni, view.attachments)),
    desired: pairs,
    conflicts,
    skipped,
    lookAgainAt: held.length === 0 ? null : Math.min(...held),
  };
}

function planExisting(
  view: ClusterView,
  { byPair, winning }: Record<'byPair' | 'winning', ReadonlyMap<string, DesiredPair>>,
  skipped: readonly SkippedNode[],
): Pick<AttachmentPlan, 'update' | 'remove'> {
  // Without a providerID nothing is known of the node, and nothing is removed on that.
  const waiting = new Set(skipped.filter(({ why }) => why === 'waiting').map(skippedKey));
  const strays = strayAttachments(view.attachments, byPair);
  const owners = new Map(view.nodeEnis.map((nodeEni) => [nodeEni.uid, nodeEni]));
  const paused = new Set(view.nodes.filter((node) => node.paused).map((node) => node.name));
  const update: { attachment: Attachment; spec: AttachmentSpec }[] = [];
  const remove: { attachment: Attachment; cause: RemovalCause }[] = [];
  for (const attachment of view.attachments) {
    const { spec } = attachment;
    if (dependsOnUnreadable(view, attachment)) continue;
    const owner = owners.get(spec.nodeEni.uid);
    const key = pairKey(spec.nodeEni.uid, spec.nodeName);
    const pair = byPair.get(key);
    const frozen = owner?.paused === true || paused.has(spec.nodeName);
    const change = strays.has(attachment) ? strayChange(attachment, frozen) : changeOf(attachment, pair, owner, frozen);
    if (change === null || (change === 'unmatched' && waiting.has(key))) continue;
    if (typeof change === 'string') remove.push({ attachment, cause: change });
    else update.push({ attachment, spec: change });
  }
  const kept = view.attachments.filter((attachment) => !strays.has(attachment));
  return { update, remove: [...remove, ...rollingReplacements(kept, winning)] };
}

/** Attachments beside the one in the pair's slot: two watchers made both. They go at once, they are no replacements. */
function strayAttachments(
  attachments: readonly Attachment[],
  byPair: ReadonlyMap<string, DesiredPair>,
): ReadonlySet<Attachment> {
  const wantedName = ({ spec }: Attachment): string | undefined =>
    byPair.get(pairKey(spec.nodeEni.uid, spec.nodeName))?.name;
  const inSlot = attachments.filter((one) => one.name === wantedName(one));
  const served = new Set(inSlot.map(({ spec }) => pairKey(spec.nodeEni.uid, spec.nodeName)));
  return new Set(
    attachments.filter(
      (one) => one.name !== wantedName(one) && served.has(pairKey(one.spec.nodeEni.uid, one.spec.nodeName)),
    ),
  );
}

function strayChange(attachment: Attachment, frozen: boolean): RemovalCause | null {
  return frozen || attachment.deleting ? null : 'replaced';
}

function skippedKey({ nodeEni, node }: SkippedNode): string {
  return pairKey(nodeEni.uid, node.name);
}

function dependsOnUnreadable({ unreadable }: ClusterView, { spec }: Attachment): boolean {
  if (unreadable === undefined) return false;
  return unreadable.nodes.includes(spec.nodeName) || unreadable.nodeEnis.includes(spec.nodeEni.name);
}

/** A frozen pair changes nothing but its own flag, and is not removed; the same flag comes off when it is not frozen. */
function changeOf(
  attachment: Attachment,
  pair: DesiredPair | undefined,
  owner: NodeEni | undefined,
  frozen: boolean,
): AttachmentSpec | RemovalCause | null {
  const { spec } = attachment;
  if (frozen || attachment.deleting) return leavingChange(spec, owner, frozen);
  if (owner === undefined) return 'ownerGone';
  if (pair === undefined) return 'unmatched';
  switch (compare(attachment, pair)) {
    case 'inPlace':
      return pair.spec;
    case 'otherNode':
      return 'otherNode';
    case 'replace':
      return spec.paused ? { ...spec, paused: false } : null;
    case 'asWanted':
      return null;
  }
}

/** One that is frozen or on its way out still hears of a pause, and of whether its detach may be forced. */
function leavingChange(spec: AttachmentSpec, owner: NodeEni | undefined, paused: boolean): AttachmentSpec | null {
  const forceDetachAfterSeconds = owner === undefined ? spec.forceDetachAfterSeconds : forceDetachAfter(owner);
  if (spec.paused === paused && spec.forceDetachAfterSeconds === forceDetachAfterSeconds) return null;
  return { ...spec, paused, forceDetachAfterSeconds };
}

function isDone(nodeEni: NodeEni, attachments: readonly Attachment[]): boolean {
  if (!nodeEni.deleting || !nodeEni.hasFinalizer) return false;
  return !attachments.some((attachment) => attachment.spec.nodeEni.uid === nodeEni.uid);
}

function heldUntil(view: ClusterView, pair: DesiredPair): number {
  return view.heldUntil.get(pairKey(pair.nodeEni.uid, pair.node.uid)) ?? 0;
}

function distinct(nodeEnis: readonly NodeEni[]): NodeEni[] {
  return [...new Map(nodeEnis.map((nodeEni) => [nodeEni.uid, nodeEni])).values()];
}
