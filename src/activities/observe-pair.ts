import type { Target } from '../contract/activities.js';
import type { Attachment } from '../domain/attachment.js';
import type { EniFacts, InstanceFacts, NetworkFacts, Observation } from '../domain/observation.js';
import { ownerOf } from '../domain/plan/owner.js';
import { isInSlot } from '../domain/plan/present.js';
import { isOwnedBy, isSamePair, TAG_KEYS } from '../domain/tags.js';
import { truncate } from '../domain/text.js';
import type { ActivityDeps } from './deps.js';
import { isEc2Failure } from './map-error.js';

/**
 * Reads the Attachment, its ENIs, and as much of instance and network as the next decision depends on. A refusal of EC2
 * is an observation too: it goes into the status.
 */
export async function observePair(
  deps: ActivityDeps,
  target: Target,
  known: { eniId: string | null },
): Promise<Observation> {
  const attachment = await liveAttachment(deps, target);
  try {
    return await observeEc2(deps, target, known, attachment);
  } catch (error) {
    if (!isEc2Failure(error) || error.kind !== 'refused') throw error;
    const { clusterName, blockedRetryMaxMs } = deps;
    const nothing = { owned: [], adoptable: [], untagged: null, instance: undefined, network: undefined };
    const refusal = { reason: error.reason, message: truncate(error.message) };
    return { at: Date.now(), clusterName, blockedRetryMaxMs, attachment, ...nothing, refusal };
  }
}

async function observeEc2(
  deps: ActivityDeps,
  target: Target,
  known: { eniId: string | null },
  attachment: Attachment | null,
): Promise<Observation> {
  const wanted = attachment === null || attachment.deleting ? null : attachment;
  const onRecord = [known.eniId, attachment?.status.eniId].filter((id) => typeof id === 'string');
  const [ofNode, instance] = await Promise.all([
    deps.ec2.enisOfNode(target.nodeName),
    // An Attachment without an ENI on record will need its instance: both are read in one round.
    wanted !== null && onRecord.length === 0 ? deps.ec2.instance(wanted.spec.instanceId) : undefined,
  ]);
  const named = await namedEnis(deps, onRecord, ofNode);
  const owned = [...ofNode, ...named].filter((eni) => isOwnedBy(eni.tags, deps.clusterName, target.uid));
  const { clusterName, blockedRetryMaxMs } = deps;
  const base = { at: Date.now(), clusterName, blockedRetryMaxMs, attachment, owned };
  if (wanted === null) return { ...base, adoptable: [], untagged: null, instance: undefined, network: undefined };
  const surroundings = await observeSurroundings(deps, wanted, owned, instance);
  if (owned.length > 0) return { ...base, ...surroundings, adoptable: [], untagged: null };
  const untagged = named.find((eni) => eni.tags[TAG_KEYS.attachmentUid] === undefined) ?? null;
  return { ...base, ...surroundings, untagged, adoptable: await adoptable(deps, wanted, ofNode) };
}

/** The instance is read only when the ENI is not in its slot: nothing else depends on it. */
async function observeSurroundings(
  deps: ActivityDeps,
  wanted: Attachment,
  owned: readonly EniFacts[],
  early: InstanceFacts | null | undefined,
): Promise<Pick<Observation, 'instance' | 'network'>> {
  const inSlot = owned.some((eni) => isInSlot(eni, wanted));
  const readNow = !inSlot && early === undefined;
  const known = readNow ? await deps.ec2.instance(wanted.spec.instanceId) : early;
  const instance = inSlot ? undefined : known;
  return { instance, network: await network(deps, wanted, instance, owned[0]) };
}

async function liveAttachment(deps: ActivityDeps, target: Target): Promise<Attachment | null> {
  const attachment = await deps.attachments.get(target.name);
  return attachment?.uid === target.uid ? attachment : null;
}

/** The ENIs on record that the search by tag did not show: not visible there yet, or robbed of their tags. */
async function namedEnis(deps: ActivityDeps, ids: readonly string[], seen: readonly EniFacts[]): Promise<EniFacts[]> {
  const missing = new Set(ids.filter((id) => !seen.some((eni) => eni.eniId === id)));
  const found = await Promise.all([...missing].map((id) => deps.ec2.eni(id)));
  return found.filter((eni) => eni !== null);
}

/** ENIs of this node and NodeENI whose Attachment is no more. */
async function adoptable(deps: ActivityDeps, attachment: Attachment, ofNode: readonly EniFacts[]): Promise<EniFacts[]> {
  const candidates = ofNode.filter((eni) => isSamePair(eni.tags, ownerOf(deps, attachment)));
  if (candidates.length === 0) return [];
  const alive = await deps.attachments.uidsOfNode(attachment.spec.nodeName);
  return candidates.filter((eni) => !alive.includes(eni.tags[TAG_KEYS.attachmentUid] ?? ''));
}

async function network(
  deps: ActivityDeps,
  attachment: Attachment,
  instance: InstanceFacts | null | undefined,
  eni: EniFacts | undefined,
): Promise<NetworkFacts> {
  const { spec } = attachment;
  const vpcId = instance?.vpcId ?? eni?.vpcId;
  const [subnets, groups] = await Promise.all([
    eni === undefined ? deps.ec2.subnets({ ids: spec.subnetIds, names: spec.subnetNames, vpcId }) : [],
    deps.ec2.securityGroups({ ids: spec.securityGroupIds, names: spec.securityGroupNames, vpcId }),
  ]);
  return { subnets, groups };
}
