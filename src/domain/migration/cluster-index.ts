import type { Attachment } from '../attachment.js';
import type { ClusterNode } from '../node.js';
import type { EniFacts, NetworkFacts } from '../observation.js';
import { desiredPairs, type DesiredPair } from '../pairing/desired.js';
import { slotWinners } from '../pairing/slots.js';
import { TAG_KEYS } from '../tags.js';
import type { GoNodeEni } from './go-controller.js';

/** All that the migration decides on, read at one time. */
export interface MigrationView {
  readonly clusterName: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly nodes: readonly ClusterNode[];
  readonly nodeEnis: readonly GoNodeEni[];
  /** Those of this controller, if it runs already. */
  readonly attachments: readonly Attachment[];
  /** With the Go controller's tag, with the cluster's, or named by a status; each once. */
  readonly enis: readonly EniFacts[];
  /** What the NodeENIs name in a VPC, by {@link networkKey}. */
  readonly networks: ReadonlyMap<string, NetworkFacts>;
  /** Whether an ENI goes to the NodeENI that wants its slot, even if it was made for another one. */
  readonly bySlot: boolean;
}

/** The key of a NodeENI's networks in a VPC. */
export function networkKey(nodeEniName: string, vpcId: string): string {
  return `${nodeEniName}/${vpcId}`;
}

/** A {@link MigrationView} with its objects at hand by what they are looked up by. */
export interface ClusterIndex {
  readonly view: MigrationView;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  readonly nodeEnis: ReadonlyMap<string, GoNodeEni>;
  /** What should exist, by NodeENI and node. */
  readonly pairs: ReadonlyMap<string, DesiredPair>;
  /** Who gets a slot, by instance, card and index. */
  readonly winners: ReadonlyMap<string, DesiredPair>;
  /** The ENI that a pair has of this controller already, by NodeENI and node. */
  readonly held: ReadonlyMap<string, string>;
  /** The pairs whose status names an ENI. */
  readonly entries: ReadonlyMap<string, readonly { readonly nodeEni: string; readonly node: string }[]>;
}

/** The key of a pair by its names. */
export function namesKey(nodeEni: string, node: string): string {
  return `${nodeEni}/${node}`;
}

/** The key of a place on an instance. */
export function slotKey(slot: { instanceId: string; networkCardIndex: number; deviceIndex: number }): string {
  return `${slot.instanceId}/${slot.networkCardIndex}/${slot.deviceIndex}`;
}

/** Prepares a view. */
export function indexOf(view: MigrationView): ClusterIndex {
  const { pairs } = desiredPairs(
    view.nodes,
    view.nodeEnis.map(({ nodeEni }) => nodeEni),
  );
  const { winners } = slotWinners(pairs, view.attachments);
  return {
    view,
    nodes: new Map(view.nodes.map((node) => [node.name, node])),
    nodeEnis: new Map(view.nodeEnis.map((one) => [one.nodeEni.name, one])),
    pairs: new Map(pairs.map((pair) => [namesKey(pair.nodeEni.name, pair.node.name), pair])),
    winners: new Map(winners.map((pair) => [slotKey(pair.spec), pair])),
    held: heldEnis(view),
    entries: entriesByEni(view.nodeEnis),
  };
}

function heldEnis({ attachments, enis, clusterName }: MigrationView): Map<string, string> {
  const tagged = enis.filter(({ tags }) => tags[TAG_KEYS.cluster] === clusterName);
  return new Map([
    ...tagged.map(({ eniId, tags }) => {
      return [namesKey(tags[TAG_KEYS.nodeEni] ?? '', tags[TAG_KEYS.node] ?? ''), eniId] as const;
    }),
    ...attachments.flatMap(({ spec, status }) => {
      return status.eniId === undefined ? [] : [[namesKey(spec.nodeEni.name, spec.nodeName), status.eniId] as const];
    }),
  ]);
}

function entriesByEni(nodeEnis: readonly GoNodeEni[]): Map<string, { nodeEni: string; node: string }[]> {
  const rows = nodeEnis.flatMap(({ nodeEni, entries }) =>
    entries.map(({ eniId, node }) => ({ eniId, node, nodeEni: nodeEni.name })),
  );
  return Map.groupBy(rows, ({ eniId }) => eniId);
}
