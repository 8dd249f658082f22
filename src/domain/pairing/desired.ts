import type { AttachmentSpec } from '../attachment.js';
import { attachmentName } from '../names.js';
import { nodeIdentity, type ClusterNode } from '../node.js';
import { matchesSelector, type NodeEni } from '../node-eni.js';
import { truncate } from '../text.js';

/** EC2 takes descriptions of at most 255 characters (Amazon EC2 API Reference, CreateNetworkInterface). */
const DESCRIPTION_LIMIT = 255;

/** A pair that should exist: the node matches and is an EC2 instance. */
export interface DesiredPair {
  readonly nodeEni: NodeEni;
  readonly node: ClusterNode;
  /** The Attachment's name, which is the slot. */
  readonly name: string;
  readonly spec: AttachmentSpec;
  readonly paused: boolean;
}

/** A matching node that can have no ENI. */
export interface SkippedNode {
  readonly nodeEni: NodeEni;
  readonly node: ClusterNode;
  /** `waiting`: no providerID yet. `notEc2`: Fargate, hybrid or another cloud. */
  readonly why: 'waiting' | 'notEc2';
}

/** What identifies a pair over the lives of its Attachments. */
export function pairKey(nodeEniUid: string, nodeName: string): string {
  return `${nodeEniUid}/${nodeName}`;
}

/** All pairs that should exist, and the matching nodes that can have none. */
export function desiredPairs(
  nodes: readonly ClusterNode[],
  nodeEnis: readonly NodeEni[],
): { pairs: DesiredPair[]; skipped: SkippedNode[] } {
  const pairs: DesiredPair[] = [];
  const skipped: SkippedNode[] = [];
  for (const nodeEni of nodeEnis) {
    if (nodeEni.deleting) continue;
    for (const node of nodes) {
      if (!matchesSelector(node.labels, nodeEni.spec.nodeSelector)) continue;
      const identity = nodeIdentity(node.providerId);
      if (identity.kind === 'ec2') pairs.push(desiredPair(nodeEni, node, identity));
      else skipped.push({ nodeEni, node, why: identity.kind === 'unknown' ? 'waiting' : 'notEc2' });
    }
  }
  return { pairs, skipped };
}

function desiredPair(nodeEni: NodeEni, node: ClusterNode, where: { zone: string; instanceId: string }): DesiredPair {
  const { spec } = nodeEni;
  const paused = nodeEni.paused || node.paused;
  return {
    nodeEni,
    node,
    paused,
    name: attachmentName(node.name, spec.networkCardIndex, spec.deviceIndex),
    spec: {
      nodeEni: { name: nodeEni.name, uid: nodeEni.uid },
      nodeName: node.name,
      nodeUid: node.uid,
      instanceId: where.instanceId,
      zone: where.zone,
      deviceIndex: spec.deviceIndex,
      networkCardIndex: spec.networkCardIndex,
      subnetIds: spec.subnetIds,
      subnetNames: spec.subnetNames,
      securityGroupIds: spec.securityGroupIds,
      securityGroupNames: spec.securityGroupNames,
      deleteOnTermination: spec.deleteOnTermination,
      sourceDestCheck: spec.sourceDestCheck,
      description: describe(nodeEni, node),
      tags: spec.tags,
      forceDetachAfterSeconds: forceDetachAfter(nodeEni),
      paused,
    },
  };
}

/** Seconds after which a NodeENI lets a detach be forced; null: never. */
export function forceDetachAfter({ spec: { detachPolicy } }: NodeEni): number | null {
  return detachPolicy.type === 'ForceAfterTimeout' ? detachPolicy.timeoutSeconds : null;
}

function describe(nodeEni: NodeEni, node: ClusterNode): string {
  const { description } = nodeEni.spec;
  return description === '' ? truncate(`NodeENI ${nodeEni.name} on ${node.name}`, DESCRIPTION_LIMIT) : description;
}
