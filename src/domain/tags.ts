import { GROUP } from './names.js';

/** The keys of the tags that make an ENI ours. */
export const TAG_KEYS = {
  cluster: `${GROUP}/cluster`,
  nodeEni: `${GROUP}/nodeeni`,
  nodeEniUid: `${GROUP}/nodeeni-uid`,
  attachmentUid: `${GROUP}/attachment-uid`,
  node: `${GROUP}/node`,
  name: 'Name',
  /** Keeps the VPC CNI from taking the ENI for its own: amazon-vpc-cni-k8s README, "ENI tags". */
  cniNoManage: 'node.k8s.amazonaws.com/no_manage',
} as const;

/** Whose ENI it is. */
export interface Owner {
  readonly clusterName: string;
  readonly attachmentUid: string;
  readonly nodeEniName: string;
  readonly nodeEniUid: string;
  readonly nodeName: string;
}

/** Every tag that an ENI of the owner carries; the user's own come on top and cannot replace ours. */
export function eniTags(owner: Owner, userTags: Readonly<Record<string, string>>): Record<string, string> {
  return {
    [TAG_KEYS.name]: `${owner.nodeEniName}/${owner.nodeName}`,
    ...userTags,
    [TAG_KEYS.cluster]: owner.clusterName,
    [TAG_KEYS.nodeEni]: owner.nodeEniName,
    [TAG_KEYS.nodeEniUid]: owner.nodeEniUid,
    [TAG_KEYS.attachmentUid]: owner.attachmentUid,
    [TAG_KEYS.node]: owner.nodeName,
    [TAG_KEYS.cniNoManage]: 'true',
  };
}

/** The wanted tags that are missing or differ. Foreign tags are left alone. */
export function missingTags(
  actual: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => actual[key] !== value));
}

/** True when the ENI carries the cluster's tag and this Attachment's UID: only then may it be changed. */
export function isOwnedBy(tags: Readonly<Record<string, string>>, clusterName: string, attachmentUid: string): boolean {
  return tags[TAG_KEYS.cluster] === clusterName && tags[TAG_KEYS.attachmentUid] === attachmentUid;
}

/** True when the ENI was made for the same node and NodeENI in this cluster, by whichever Attachment. */
export function isSamePair(tags: Readonly<Record<string, string>>, owner: Owner): boolean {
  return (
    tags[TAG_KEYS.cluster] === owner.clusterName &&
    tags[TAG_KEYS.nodeEni] === owner.nodeEniName &&
    tags[TAG_KEYS.node] === owner.nodeName
  );
}

/**
 * The client token of a create call: constant for one intent, another for the next.
 * EC2 takes at most 64 ASCII characters (Amazon EC2 API Reference, "Ensuring idempotency"); a UID has 36.
 */
export function clientToken(attachmentUid: string, ordinal: number): string {
  return `${attachmentUid}-${ordinal}`;
}
