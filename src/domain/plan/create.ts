import type { Attachment } from '../attachment.js';
import type { CreateIntent, PairMemory } from '../memory.js';
import type { InstanceFacts, Observation, SubnetFacts } from '../observation.js';
import type { Reason } from '../reasons.js';
import type { Step } from '../step.js';
import { eniTags } from '../tags.js';
import { resolvedGroups } from './changes.js';
import { attachGate } from './gates.js';
import { ownerOf } from './owner.js';
import { settling } from './visibility.js';

/** Makes an ENI once everything that can be known beforehand allows it to be attached. */
export function planCreate(observation: Observation, attachment: Attachment, memory: PairMemory): Step {
  if (memory.coolDown) {
    return { type: 'block', reason: 'AttachTimeout', message: 'the last ENI could not be attached; waiting a while' };
  }
  const gate = attachGate(observation, attachment);
  if (gate !== null) return gate;
  if (memory.openCreate !== null && settling(observation, memory)) return { type: 'create', intent: memory.openCreate };
  const subnet = chooseSubnet(observation, attachment);
  if ('type' in subnet) return subnet;
  const groups = resolvedGroups(observation, attachment);
  if (groups.block !== null) return groups.block;
  const foreign = foreignGroup(observation, groups.ids, subnet.vpcId);
  if (foreign !== null) return foreign;
  const intent = {
    subnetId: subnet.subnetId,
    securityGroupIds: groups.ids,
    description: attachment.spec.description,
    tags: eniTags(ownerOf(observation, attachment), attachment.spec.tags),
  };
  return { type: 'create', intent: { ordinal: nextOrdinal(attachment, memory, intent), ...intent } };
}

/**
 * The same ordinal while an open call has the same parameters, else the next one after all that are on record. Three
 * records count: this history, the Attachment's status, and none of them when this is the pair's first call.
 */
function nextOrdinal(attachment: Attachment, memory: PairMemory, intent: Omit<CreateIntent, 'ordinal'>): number {
  if (memory.openCreate !== null && sameIntent(memory.openCreate, intent)) return memory.openCreate.ordinal;
  if (memory.ordinal !== null) return memory.ordinal + 1;
  const { createOrdinal, eniId } = attachment.status;
  if (createOrdinal === undefined) return 0;
  return eniId === undefined ? createOrdinal : createOrdinal + 1;
}

function sameIntent(open: CreateIntent, intent: Omit<CreateIntent, 'ordinal'>): boolean {
  const key = ({ subnetId, securityGroupIds, description, tags }: Omit<CreateIntent, 'ordinal'>): string =>
    JSON.stringify([subnetId, securityGroupIds, description, Object.entries(tags).sort()]);
  return key(open) === key(intent);
}

function chooseSubnet(observation: Observation, attachment: Attachment): SubnetFacts | Step {
  const { instance } = observation;
  const candidates = observation.network?.subnets ?? [];
  if (!instance) return block('InstanceNotFound', `EC2 does not know instance ${attachment.spec.instanceId}`);
  if (candidates.length === 0) return block('SubnetNotFound', `EC2 knows none of ${wanted(attachment)}`);
  const inVpc = candidates.filter((subnet) => subnet.vpcId === instance.vpcId);
  if (inVpc.length === 0) return block('VpcMismatch', `${list(candidates)} not in ${instance.vpcId} of the instance`);
  const inZone = inVpc.filter((subnet) => subnet.zone === instance.zone);
  if (inZone.length === 0) {
    const zones = inVpc.map((subnet) => `${subnet.subnetId} is in ${subnet.zone}`).join(', ');
    return block('ZoneMismatch', `${zones}; the instance is in ${instance.zone}`);
  }
  return ambiguous(inZone) ?? freeSubnet(inZone, instance);
}

function ambiguous(subnets: readonly SubnetFacts[]): Step | null {
  for (const { foundByName } of subnets) {
    const named = subnets.filter((subnet) => foundByName !== null && subnet.foundByName === foundByName);
    if (named.length > 1) return block('SubnetAmbiguous', `"${foundByName ?? ''}" is the name of ${list(named)}`);
  }
  return null;
}

function freeSubnet(subnets: readonly SubnetFacts[], instance: InstanceFacts): SubnetFacts | Step {
  const free = subnets.find((subnet) => subnet.freeAddresses > 0);
  return free ?? block('SubnetFull', `no free address in ${list(subnets)} (zone ${instance.zone})`);
}

function foreignGroup(observation: Observation, groupIds: readonly string[], vpcId: string): Step | null {
  const foreign = observation.network?.groups.find(
    (group) => groupIds.includes(group.groupId) && group.vpcId !== vpcId,
  );
  if (foreign === undefined) return null;
  return block('SecurityGroupVpcMismatch', `${foreign.groupId} is in ${foreign.vpcId}, the subnet in ${vpcId}`);
}

function wanted(attachment: Attachment): string {
  const { subnetIds, subnetNames } = attachment.spec;
  return [...subnetIds, ...subnetNames.map((name) => `"${name}"`)].join(', ');
}

function list(subnets: readonly SubnetFacts[]): string {
  return subnets.map((subnet) => subnet.subnetId).join(', ');
}

function block(reason: Reason, message: string): Step {
  return { type: 'block', reason, message };
}
