import type { Attachment } from '../attachment.js';
import type { EniFacts } from '../observation.js';
import { changesOf } from '../plan/changes.js';
import { isInSlot } from '../plan/present.js';

/** How an ENI can differ from what its Attachment wants and its status says. */
export const DRIFTS = [
  /** EC2 does not show the ENI on record. */
  'missing',
  /** There are several ENIs for the one Attachment. */
  'duplicate',
  /** It is not attached. */
  'detached',
  /** It is attached somewhere else. */
  'misplaced',
  'securityGroupIds',
  'deleteOnTermination',
  'sourceDestCheck',
  'description',
  'tags',
] as const;

/** One of {@link DRIFTS}. */
export type Drift = (typeof DRIFTS)[number];

/** An Attachment whose ENI is not as it should be. */
export interface Finding {
  readonly attachment: Attachment;
  readonly drifts: readonly Drift[];
}

/** How long a list may still show what was there before a change; EC2 is eventually consistent. */
const SETTLE_MS = 10_000;

/**
 * What differs of an Attachment that says that all is well. The others are looked after by their workflows: they wait
 * for something, or are paused.
 *
 * @param enis - those that carry its UID
 * @param listedAt - when the list of ENIs was begun, epoch milliseconds
 */
export function driftOf(
  attachment: Attachment,
  enis: readonly EniFacts[],
  { clusterName, listedAt }: { readonly clusterName: string; readonly listedAt: number },
): Drift[] {
  if (!isSettled(attachment, listedAt)) return [];
  const [eni, ...more] = enis;
  if (eni === undefined) return ['missing'];
  if (more.length > 0) return ['duplicate'];
  if (eni.attachment?.status !== 'attached') return ['detached'];
  if (!isInSlot(eni, attachment)) return ['misplaced'];
  const changes = changesOf(eni, { clusterName }, attachment, wantedGroups(attachment, eni));
  const changed = DRIFTS.filter((drift) => Object.hasOwn(changes, drift));
  return eni.eniId === attachment.status.eniId ? changed : ['missing', ...changed];
}

function isSettled({ generation, deleting, spec, status }: Attachment, listedAt: number): boolean {
  if (deleting || spec.paused || status.phase !== 'Attached' || status.observedGeneration !== generation) return false;
  return Date.parse(status.lastUpdated ?? '') < listedAt - SETTLE_MS;
}

/** Names were resolved when the pair was last looked at: the ids stand in the status. */
function wantedGroups({ spec, status }: Attachment, eni: EniFacts): readonly string[] {
  if (spec.securityGroupNames.length === 0) return spec.securityGroupIds;
  return status.securityGroupIds ?? eni.securityGroupIds;
}
