import type { Attachment } from '../../domain/attachment.js';
import type { NodeEni } from '../../domain/node-eni.js';
import type { ClusterNode } from '../../domain/node.js';
import type { ClusterView } from '../../domain/pairing/plan-attachments.js';
import type { Kubernetes } from '../../kubernetes/client.js';
import { readConditions } from '../../kubernetes/conditions.js';
import { parseMetadata } from '../../kubernetes/metadata.js';
import { ATTACHMENTS_PATH, NODE_ENIS_PATH, NODES_PATH } from '../../kubernetes/paths.js';
import { parseAttachment, parseNode, parseNodeEni } from '../../kubernetes/schema.js';
import { rawStatus } from '../../kubernetes/status-patch.js';
import { calling } from '../failure.js';
import { list } from './list.js';

/** The objects that decide about ENIs, read live. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  readonly nodeEnis: readonly NodeEni[];
  readonly attachments: readonly Attachment[];
  /** Names of objects that this version cannot read. */
  readonly unreadable: {
    readonly nodes: readonly string[];
    readonly nodeEnis: readonly string[];
    readonly attachments: readonly string[];
  };
  /** When the condition Ready of an Attachment last changed, RFC 3339, by the Attachment's name. */
  readonly readySince: ReadonlyMap<string, string>;
}

/** Reads all Nodes, NodeENIs and NodeENIAttachments. @throws CliFailure */
export async function readCluster(kubernetes: Kubernetes): Promise<Cluster> {
  const [nodes, nodeEnis, attachments] = await Promise.all([
    calling('list the Nodes', async () => list(kubernetes, NODES_PATH)),
    calling('list the NodeENIs', async () => list(kubernetes, NODE_ENIS_PATH)),
    calling('list the NodeENIAttachments', async () => list(kubernetes, ATTACHMENTS_PATH)),
  ]);
  const [node, nodeEni, attachment] = [
    parsed(nodes, parseNode),
    parsed(nodeEnis, parseNodeEni),
    parsed(attachments, parseAttachment),
  ];
  return {
    nodes: node.values,
    nodeEnis: nodeEni.values,
    attachments: attachment.values,
    unreadable: { nodes: node.unreadable, nodeEnis: nodeEni.unreadable, attachments: attachment.unreadable },
    readySince: new Map(attachments.flatMap(readySince)),
  };
}

/** The cluster as the watcher sees it, but for pairs that it holds back for some seconds since they flap. */
export function viewOf(cluster: Cluster, now: number): ClusterView {
  const { nodes, nodeEnis, attachments, unreadable } = cluster;
  return { nodes, nodeEnis, attachments, unreadable, now, heldUntil: new Map() };
}

function parsed<T>(raws: readonly unknown[], parse: (raw: unknown) => T): { values: T[]; unreadable: string[] } {
  const values: T[] = [];
  const unreadable: string[] = [];
  for (const raw of raws) {
    try {
      values.push(parse(raw));
    } catch {
      unreadable.push(parseMetadata(raw).name);
    }
  }
  return { values, unreadable };
}

function readySince(raw: unknown): [string, string][] {
  const ready = readConditions(rawStatus(raw)).find(({ type }) => type === 'Ready');
  return ready === undefined ? [] : [[parseMetadata(raw).name, ready.lastTransitionTime]];
}
