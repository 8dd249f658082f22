import type { Attachment } from '../attachment.js';
import type { PairMemory } from '../memory.js';
import type { EniAttachmentFacts, EniFacts, Observation } from '../observation.js';
import type { EniChanges, Step } from '../step.js';
import { eniTags, TAG_KEYS } from '../tags.js';
import { planCreate } from './create.js';
import { changesOf, isEmpty, resolvedGroups } from './changes.js';
import { attachGate } from './gates.js';
import { removeEni } from './release.js';
import { ownerOf } from './owner.js';
import { awaitVisible } from './visibility.js';

/** The next step towards one ENI, attached at the wanted slot with every attribute as wanted. */
export function planPresent(observation: Observation, attachment: Attachment, memory: PairMemory): Step {
  const keep = chooseEni(observation.owned, attachment);
  if (keep === undefined) return planAbsent(observation, attachment, memory);
  const extra = observation.owned.find((eni) => eni.eniId !== keep.eniId);
  if (extra !== undefined) return removeEni(extra, observation, memory, true);
  if (keep.eniId === memory.condemnedEniId) return removeEni(keep, observation, memory, true);
  if (keep.attachment === null) return planAvailable(observation, attachment, keep);
  if (keep.attachment.status === 'detaching') return { type: 'verify', eniId: keep.eniId, until: 'detached' };
  // In another slot the ENI itself is right: it is detached, and attached again at its own.
  if (!isInSlot(keep, attachment)) return removeEni(keep, observation, memory, true);
  return planInSlot(observation, attachment, keep, keep.attachment);
}

function planAbsent(observation: Observation, attachment: Attachment, memory: PairMemory): Step {
  const [former] = observation.adoptable;
  if (former !== undefined) {
    const tags = eniTags(ownerOf(observation, attachment), attachment.spec.tags);
    return { type: 'adopt', eniId: former.eniId, fromUid: former.tags[TAG_KEYS.attachmentUid] ?? '', tags };
  }
  if (observation.untagged !== null) {
    const message = `${observation.untagged.eniId} lost the tags of this pair, so it is left alone`;
    return { type: 'block', reason: 'NotOurs', message };
  }
  return awaitVisible(observation, memory) ?? planCreate(observation, attachment, memory);
}

function planAvailable(observation: Observation, attachment: Attachment, eni: EniFacts): Step {
  const { instance } = observation;
  if (instance && instance.zone !== eni.zone) return { type: 'delete', eniId: eni.eniId, replace: true };
  const gate = attachGate(observation, attachment);
  if (gate !== null) return gate;
  const { instanceId, deviceIndex, networkCardIndex, deleteOnTermination } = attachment.spec;
  return { type: 'attach', eniId: eni.eniId, instanceId, deviceIndex, networkCardIndex, deleteOnTermination };
}

function planInSlot(
  observation: Observation,
  attachment: Attachment,
  eni: EniFacts,
  { attachmentId, status }: EniAttachmentFacts,
): Step {
  const groups = resolvedGroups(observation, attachment);
  if (groups.block !== null) return groups.block;
  const changes = changesOf(eni, observation, attachment, groups.ids);
  if (!isEmpty(changes)) {
    return { type: 'configure', eniId: eni.eniId, attachmentId, changes };
  }
  if (eni.assumed || status !== 'attached') {
    return { type: 'verify', eniId: eni.eniId, until: 'attached', expect: expected(eni) };
  }
  return { type: 'idle' };
}

/** What was just changed is not shown at once: the wait takes it into account. */
function expected(eni: EniFacts): EniChanges {
  const { securityGroupIds, description, sourceDestCheck } = eni;
  return {
    securityGroupIds,
    description,
    sourceDestCheck,
    deleteOnTermination: eni.attachment?.deleteOnTermination ?? false,
  };
}

/** The one to keep of several: in the wanted slot first, then a free one, then any; ties by id, so that all agree. */
function chooseEni(owned: readonly EniFacts[], attachment: Attachment): EniFacts | undefined {
  const rank = (eni: EniFacts): number => (isInSlot(eni, attachment) ? 0 : eni.attachment === null ? 1 : 2);
  return [...owned].sort((a, b) => rank(a) - rank(b) || (a.eniId < b.eniId ? -1 : 1))[0];
}

/** True when the ENI is on the pair's instance at the pair's network card and device index. */
export function isInSlot(eni: EniFacts, attachment: Attachment): boolean {
  const { spec } = attachment;
  return (
    eni.attachment?.instanceId === spec.instanceId &&
    eni.attachment.deviceIndex === spec.deviceIndex &&
    eni.attachment.networkCardIndex === spec.networkCardIndex
  );
}
