import type {
  Instance,
  InstanceNetworkInterface,
  InstanceTypeInfo,
  NetworkInterface,
  NetworkInterfaceAttachment,
  Tag,
} from '@aws-sdk/client-ec2';

import type { EniAttachmentFacts, EniFacts, InstanceFacts, SlotFacts } from '../domain/observation.js';

/** An ENI as EC2 describes it. What it leaves out is empty; `sourceDestCheck` is on unless it says otherwise. */
export function eniFacts(eni: NetworkInterface): EniFacts {
  return {
    eniId: eni.NetworkInterfaceId ?? '',
    subnetId: eni.SubnetId ?? '',
    vpcId: eni.VpcId ?? '',
    zone: eni.AvailabilityZone ?? '',
    tags: tagsOf(eni.TagSet),
    securityGroupIds: present((eni.Groups ?? []).map(({ GroupId }) => GroupId)),
    description: eni.Description ?? '',
    sourceDestCheck: eni.SourceDestCheck ?? true,
    macAddress: eni.MacAddress ?? '',
    privateIp: eni.PrivateIpAddress ?? '',
    attachment: attachmentFacts(eni.Attachment),
    assumed: false,
  };
}

/** Null for no attachment and for one that is over. One to something that is no instance of ours has an empty id. */
function attachmentFacts(attachment: NetworkInterfaceAttachment | undefined): EniAttachmentFacts | null {
  const { Status: status } = attachment ?? {};
  if (attachment === undefined || status === undefined || status === 'detached') return null;
  return {
    attachmentId: attachment.AttachmentId ?? '',
    instanceId: attachment.InstanceId ?? '',
    deviceIndex: attachment.DeviceIndex ?? 0,
    networkCardIndex: attachment.NetworkCardIndex ?? 0,
    status,
    deleteOnTermination: attachment.DeleteOnTermination ?? false,
  };
}

/** An instance as EC2 describes it, with its type's limits. Without a state it counts as pending: nothing is decided. */
export function instanceFacts(instance: Instance, limits: InstanceFacts['limits']): InstanceFacts {
  return {
    instanceId: instance.InstanceId ?? '',
    state: instance.State?.Name ?? 'pending',
    instanceType: instance.InstanceType ?? '',
    zone: instance.Placement?.AvailabilityZone ?? '',
    vpcId: instance.VpcId ?? '',
    slots: present((instance.NetworkInterfaces ?? []).map(slotFacts)),
    limits,
  };
}

function slotFacts(eni: InstanceNetworkInterface): SlotFacts | undefined {
  const { Attachment: attachment } = eni;
  if (attachment === undefined || attachment.Status === 'detached') return undefined;
  return {
    eniId: eni.NetworkInterfaceId ?? '',
    deviceIndex: attachment.DeviceIndex ?? 0,
    networkCardIndex: attachment.NetworkCardIndex ?? 0,
  };
}

/** The most interfaces of each network card; null when EC2 does not say. Types with one card may list none. */
export function limitsOf({ NetworkInfo: network }: InstanceTypeInfo): InstanceFacts['limits'] {
  const cards = network?.NetworkCards ?? [];
  const known = cards.flatMap(({ NetworkCardIndex: index, MaximumNetworkInterfaces: most }) =>
    index === undefined || most === undefined ? [] : [[String(index), most] as const],
  );
  if (known.length > 0) return Object.fromEntries(known);
  const most = network?.MaximumNetworkInterfaces;
  return most === undefined ? null : { '0': most };
}

/** Tags as an object; a tag without a value has the empty one. */
export function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : ([[Key, Value ?? '']] as const))),
  );
}

/** An object as tags. */
export function toTags(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
