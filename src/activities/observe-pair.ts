import type { Target } from '../contract/activities.js';
import type { Attachment } from '../domain/attachment.js';
import type { EniFacts, InstanceFacts, NetworkFacts, Observation } from '../domain/observation.js';
import { ownerOf } from '../domain/plan/owner.js';
import { isInSlot } from '../domain/plan/present.js';
import { isOwnedBy, isSamePair, TAG_KEYS } from '../domain/tags.js';
import type { ActivityDeps } from './deps.js';

/** Reads the Attachment, its ENIs, and as much of instance and network as the next decision depends on. */
export async function observePair(
  deps: ActivityDeps,
  target: Target,
  known: { eniId: string | null },
): Promise<Observation> {
  const attachment = await liveAttachment(deps, target);
  const wanted = attachment !== null && !attachment.deleting ? attachment : null;
  // An Attachment without an ENI on record will need its instance: read both in one round.
  const early = wanted !== null && wanted.status.eniId === undefined && known.eniId === null;
  const [ofNode, instanceEarly] = await Promise.all([
    deps.ec2.enisOfNode(target.nodeName),
    early ? deps.ec2.instance(wanted.spec.instanceId) : undefined,
  ]);
  const named = await namedEnis(deps, [known.eniId, attachment?.status.eniId], ofNode);
  const owned = [...ofNode, ...named].filter((eni) => isOwnedBy(eni.tags, deps.clusterName, target.uid));
  const base = {
    at: Date.now(),
    clusterName: deps.clusterName,
    attachment,
    owned,
    blockedRetryMaxMs: deps.blockedRetryMaxMs,
  };
  if (wanted === null) {
    return { ...base, adoptable: [], untagged: null, instance: undefined, network: undefined };
  }
  const needsInstance = !owned.some((eni) => isInSlot(eni, wanted));
  const instance = needsInstance ? (instanceEarly ?? (await deps.ec2.instance(wanted.spec.instanceId))) : undefined;
  return {
    ...base,
    adoptable: owned.length > 0 ? [] : await adoptable(deps, wanted, ofNode),
    untagged: owned.length > 0 ? null : (named.find((eni) => eni.tags[TAG_KEYS.attachmentUid] === undefined) ?? null),
    instance,
    network: await network(deps, wanted, instance, owned[0]),
  };
}

async function liveAttachment(deps: ActivityDeps, target: Target): Promise<Attachment | null> {
  const attachment = await deps.attachments.get(target.name);
  return attachment?.uid === target.uid ? attachment : null;
}

/** The ENIs on record that the search by tag did not show: not visible there yet, or robbed of their tags. */
async function namedEnis(
  deps: ActivityDeps,
  ids: readonly (string | null | undefined)[],
  seen: readonly EniFacts[],
): Promise<EniFacts[]> {
  const missing = new Set(
    ids.filter((id) => typeof id === 'string').filter((id) => !seen.some((eni) => eni.eniId === id)),
  );
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
