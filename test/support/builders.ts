import type { Attachment, AttachmentSpec, AttachmentStatus } from '../../src/domain/attachment.js';
import { EMPTY_MEMORY, type PairMemory } from '../../src/domain/memory.js';
import { attachmentName } from '../../src/domain/names.js';
import type { ClusterNode } from '../../src/domain/node.js';
import type { NodeEni, NodeEniSpec } from '../../src/domain/node-eni.js';
import type { EniAttachmentFacts, EniFacts, InstanceFacts, Observation } from '../../src/domain/observation.js';
import { eniTags } from '../../src/domain/tags.js';

/** The moment at which the objects below are looked at, and when they were made. */
export const NOW = Date.parse('2026-01-01T00:00:00Z');
const CREATED = '2025-12-31T00:00:00Z';

export const CLUSTER = 'lab';
export const INSTANCE = 'i-0a1';
export const ENI = 'eni-0a1';
export const UID = 'a0000000-0000-4000-8000-000000000001';

/** An Attachment's spec: device index 1 on card 0, one subnet, one group. */
export function attachmentSpec(changes: Partial<AttachmentSpec> = {}): AttachmentSpec {
  return {
    nodeEni: { name: 'storage', uid: 'uid-storage' },
    nodeName: 'node-1',
    nodeUid: 'uid-node-1',
    instanceId: INSTANCE,
    zone: 'us-east-1a',
    deviceIndex: 1,
    networkCardIndex: 0,
    subnetIds: ['subnet-a'],
    subnetNames: [],
    securityGroupIds: ['sg-1'],
    securityGroupNames: [],
    deleteOnTermination: true,
    sourceDestCheck: true,
    description: 'storage on node-1',
    tags: { team: 'disks' },
    forceDetachAfterSeconds: null,
    paused: false,
    ...changes,
  };
}

type AttachmentChanges = Partial<Omit<Attachment, 'spec' | 'status'>> & {
  readonly spec?: Partial<AttachmentSpec>;
  readonly status?: AttachmentStatus;
};

/** An Attachment that is neither deleting nor has a status. */
export function attachment({ spec, ...changes }: AttachmentChanges = {}): Attachment {
  const full = attachmentSpec(spec);
  return {
    name: attachmentName(full.nodeName, full.networkCardIndex, full.deviceIndex),
    uid: UID,
    generation: 1,
    createdAt: CREATED,
    deleting: false,
    hasFinalizer: true,
    released: false,
    status: {},
    ...changes,
    spec: full,
  };
}

/** Where an ENI is attached when it is attached as {@link attachmentSpec} wants. */
export function inSlot(changes: Partial<EniAttachmentFacts> = {}): EniAttachmentFacts {
  return {
    attachmentId: 'eni-attach-1',
    instanceId: INSTANCE,
    deviceIndex: 1,
    networkCardIndex: 0,
    status: 'attached',
    deleteOnTermination: true,
    ...changes,
  };
}

/** All the tags that the ENI of an Attachment carries. */
export function tagsOf(owner: Attachment): Record<string, string> {
  return eniTags(
    {
      clusterName: CLUSTER,
      attachmentUid: owner.uid,
      nodeEniName: owner.spec.nodeEni.name,
      nodeEniUid: owner.spec.nodeEni.uid,
      nodeName: owner.spec.nodeName,
    },
    owner.spec.tags,
  );
}

/** A free ENI of {@link attachment}, with everything as wanted. */
export function eni(changes: Partial<EniFacts> = {}): EniFacts {
  return {
    eniId: ENI,
    subnetId: 'subnet-a',
    vpcId: 'vpc-1',
    zone: 'us-east-1a',
    tags: tagsOf(attachment()),
    securityGroupIds: ['sg-1'],
    description: 'storage on node-1',
    sourceDestCheck: true,
    macAddress: '02:00:00:00:00:01',
    privateIp: '10.0.0.9',
    attachment: null,
    assumed: false,
    ...changes,
  };
}

/** A running instance whose only interface is its primary one. */
export function instance(changes: Partial<InstanceFacts> = {}): InstanceFacts {
  return {
    instanceId: INSTANCE,
    state: 'running',
    instanceType: 'm5.large',
    zone: 'us-east-1a',
    vpcId: 'vpc-1',
    slots: [{ eniId: 'eni-primary', deviceIndex: 0, networkCardIndex: 0 }],
    limits: { '0': 3 },
    ...changes,
  };
}

/** A moment at which everything that a create needs is there, and no ENI. */
export function observation(changes: Partial<Observation> = {}): Observation {
  return {
    at: NOW,
    clusterName: CLUSTER,
    attachment: attachment(),
    owned: [],
    adoptable: [],
    untagged: null,
    instance: instance(),
    network: {
      subnets: [{ subnetId: 'subnet-a', zone: 'us-east-1a', vpcId: 'vpc-1', freeAddresses: 9, foundByName: null }],
      groups: [{ groupId: 'sg-1', vpcId: 'vpc-1', foundByName: null }],
    },
    blockedRetryMaxMs: 300_000,
    ...changes,
  };
}

/** A memory with something in it. */
export function memory(changes: Partial<PairMemory> = {}): PairMemory {
  return { ...EMPTY_MEMORY, ...changes };
}

type NodeEniChanges = Partial<Omit<NodeEni, 'spec'>> & { readonly spec?: Partial<NodeEniSpec> };

/** A NodeENI that selects every node, already with its finalizer. */
export function nodeEni({ spec, ...changes }: NodeEniChanges = {}): NodeEni {
  const name = changes.name ?? 'storage';
  return {
    name,
    uid: `uid-${name}`,
    generation: 1,
    createdAt: CREATED,
    deleting: false,
    paused: false,
    hasFinalizer: true,
    unhandledFields: [],
    ...changes,
    spec: {
      nodeSelector: {},
      subnetIds: ['subnet-a'],
      subnetNames: [],
      securityGroupIds: ['sg-1'],
      securityGroupNames: [],
      deviceIndex: 1,
      networkCardIndex: 0,
      deleteOnTermination: true,
      sourceDestCheck: true,
      description: '',
      tags: {},
      detachPolicy: { type: 'Graceful', timeoutSeconds: 300 },
      updateStrategy: { type: 'RollingUpdate', maxUnavailable: 1 },
      ...spec,
    },
  };
}

/** An EC2 node; its UID and instance follow from its number. */
export function node(number: number, changes: Partial<ClusterNode> = {}): ClusterNode {
  return {
    name: `node-${number}`,
    uid: `uid-node-${number}`,
    labels: {},
    providerId: `aws:///us-east-1a/i-0a${number}`,
    paused: false,
    deleting: false,
    ...changes,
  };
}
