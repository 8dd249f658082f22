import type { Attachment } from '../../domain/attachment.js';
import { matchesSelector, type NodeEni } from '../../domain/node-eni.js';
import { nodeIdentity, type ClusterNode } from '../../domain/node.js';
import { compare } from '../../domain/pairing/compare.js';
import type { DesiredPair } from '../../domain/pairing/desired.js';
import { REASONS, type Reason } from '../../domain/reasons.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Pair, PairState } from '../pairs/pair-states.js';

/** One link of the chain from a NodeENI's spec to an ENI in EC2. */
export interface Link {
  readonly of: 'selector' | 'instance' | 'slot' | 'attachment' | 'eni';
  /** `stops`: nothing comes after it until somebody acts. `waits`: the controller goes on by itself. */
  readonly verdict: 'ok' | 'waits' | 'stops';
  readonly text: string;
  /** What the reader can do; null: nothing need be done. */
  readonly toDo: string | null;
}

/** Why a pair is as it is. */
export interface Chain {
  readonly node: string;
  readonly nodeEni: string;
  readonly links: readonly Link[];
  readonly attachment: Attachment | null;
  /** Since when the pair is ready, or not ready, RFC 3339; null while that is not known. */
  readonly since: string | null;
}

/** Reasons that end by themselves. */
const PASSING: ReadonlySet<Reason> = new Set([
  'InstancePending',
  'InstanceStopping',
  'Throttled',
  'Ec2Unavailable',
  'KubernetesUnavailable',
  'TokenMismatch',
  'AttachTimeout',
  'NotVisibleYet',
]);

/** True when the ENI is attached and nothing is about to change. */
export function isWell({ links }: Chain): boolean {
  return links.every(({ verdict }) => verdict === 'ok');
}

/** The chain of a pair that exists or should. */
export function chainOf(cluster: Cluster, pair: Pair): Chain {
  const { state } = pair;
  const node = cluster.nodes.find(({ name }) => name === pair.node);
  const nodeEni = cluster.nodeEnis.find(({ name }) => name === pair.nodeEni);
  const attachment = state.kind === 'attachment' ? state.attachment : null;
  const links = [
    selector(nodeEni, node, pair),
    instance(node, pair),
    slot(pair),
    record(cluster, pair),
    eni(attachment),
  ];
  const stop = links.findIndex((link) => link?.verdict === 'stops' && attachment === null);
  return {
    node: pair.node,
    nodeEni: pair.nodeEni,
    links: (stop === -1 ? links : links.slice(0, stop + 1)).filter((link) => link !== null),
    attachment,
    since: attachment === null ? null : (cluster.readySince.get(attachment.name) ?? null),
  };
}

/** The chain of a node that the NodeENI does not select: it ends at its first link. */
export function unselected(nodeEni: NodeEni, node: ClusterNode): Chain {
  const link = stops(
    'selector',
    `the node does not carry ${missingLabels(nodeEni, node)}`,
    'label the node, or change nodeSelector',
  );
  return { node: node.name, nodeEni: nodeEni.name, links: [link], attachment: null, since: null };
}

/** The labels of the selector that the node lacks, each with what it has instead. */
function missingLabels(nodeEni: NodeEni, node: ClusterNode): string {
  return Object.entries(nodeEni.spec.nodeSelector)
    .filter(([key, value]) => node.labels[key] !== value)
    .map(([key, value]) => {
      const actual = node.labels[key];
      return actual === undefined ? `${key}=${value}` : `${key}=${value} (it has ${key}=${actual})`;
    })
    .join(', ');
}

function selector(nodeEni: NodeEni | undefined, node: ClusterNode | undefined, pair: Pair): Link {
  if (nodeEni === undefined) return stops('selector', `NodeENI ${pair.nodeEni} is gone: its ENI is released`, null);
  if (nodeEni.deleting) return waits('selector', 'the NodeENI is being deleted: its ENIs are released');
  if (node === undefined) return stops('selector', `node ${pair.node} is gone: its ENI is released`, null);
  if (!matchesSelector(node.labels, nodeEni.spec.nodeSelector)) {
    return stops('selector', `the node no longer carries ${missingLabels(nodeEni, node)}: its ENI is released`, null);
  }
  const labels = Object.entries(nodeEni.spec.nodeSelector).map(([key, value]) => `${key}=${value}`);
  return ok('selector', `the node carries ${labels.join(', ')}`);
}

function instance(node: ClusterNode | undefined, { state }: Pair): Link | null {
  if (node === undefined) return null;
  const identity = nodeIdentity(node.providerId);
  switch (identity.kind) {
    case 'unknown':
      return {
        ...waits('instance', 'the Node has no providerID yet'),
        toDo: 'if it stays so, look at the cloud controller manager, which sets it',
      };
    case 'notEc2':
      return stops(
        'instance',
        `${node.providerId} is no EC2 instance: it can have no ENI`,
        'narrow nodeSelector if that surprises you',
      );
    case 'ec2':
      break;
  }
  const { instanceId, zone } = identity;
  if (state.kind === 'attachment' && state.attachment.spec.instanceId !== instanceId) {
    return waits('instance', `${instanceId} in ${zone}: another machine than the ENI was made for, which is replaced`);
  }
  return ok('instance', `${instanceId} in ${zone}`);
}

function slot({ state, conflictWith, nodeEni }: Pair): Link | null {
  const desired = desiredOf(state);
  if (desired === null) return null;
  const { deviceIndex, networkCardIndex } = desired.spec;
  const name = `device index ${deviceIndex} on network card ${networkCardIndex}`;
  if (conflictWith === null) return ok('slot', `${name} is ${nodeEni}'s`);
  const toDo = `choose another deviceIndex, or delete NodeENI ${conflictWith}`;
  return stops('slot', `NodeENI ${conflictWith} holds ${name}; this one gets it when it is free`, toDo);
}

function desiredOf(state: PairState): DesiredPair | null {
  return 'desired' in state ? state.desired : null;
}

function record(cluster: Cluster, { state, nodeEni }: Pair): Link | null {
  switch (state.kind) {
    case 'conflict':
    case 'skipped':
      return null;
    case 'paused':
      return stops('attachment', 'none is made while the NodeENI or the node is paused', REASONS.Paused);
    case 'missing':
      return {
        ...waits('attachment', 'the controller has not made it yet'),
        toDo: 'if it stays so for more than half a minute, see whether the controller runs',
      };
    case 'attachment':
      break;
  }
  const { attachment, desired } = state;
  if (attachment.deleting) return waits('attachment', `${attachment.name} is being deleted: its ENI is released`);
  if (desired === null) return waits('attachment', `${attachment.name} is about to be deleted`);
  return current(cluster, attachment, desired, nodeEni);
}

function current({ nodeEnis }: Cluster, attachment: Attachment, desired: DesiredPair, nodeEniName: string): Link {
  switch (compare(attachment, desired)) {
    case 'asWanted':
      return ok('attachment', `${attachment.name} has the spec of NodeENI ${nodeEniName}`);
    case 'inPlace':
      return waits('attachment', `${attachment.name} has an older spec, which is changed in place`);
    case 'otherNode':
      return waits('attachment', `${attachment.name} is of an earlier machine of this name, and replaced`);
    case 'replace':
      break;
  }
  const { updateStrategy } = nodeEnis.find(({ name }) => name === nodeEniName)?.spec ?? desired.nodeEni.spec;
  if (updateStrategy.type === 'OnDelete') {
    const toDo = `kubectl delete nodeeniattachment ${attachment.name}`;
    return stops('attachment', `${attachment.name} has an older slot or subnet, and OnDelete waits for you`, toDo);
  }
  const pace = `at most ${updateStrategy.maxUnavailable} at a time`;
  return waits('attachment', `${attachment.name} has an older slot or subnet, and waits for its turn (${pace})`);
}

function eni(attachment: Attachment | null): Link | null {
  if (attachment === null) return null;
  const { phase = 'Pending', reason, message, eniId, privateIp } = attachment.status;
  const what = [eniId, privateIp].filter((part) => part !== undefined).join(', ');
  if (reason !== undefined) {
    const text = `${phase === 'Blocked' ? '' : `${phase}, `}${reason}: ${message ?? ''}`;
    return { of: 'eni', verdict: PASSING.has(reason) ? 'waits' : 'stops', text, toDo: REASONS[reason] };
  }
  if (phase === 'Attached') return ok('eni', `Attached: ${what}`);
  return waits('eni', what === '' ? phase : `${phase}: ${what}`);
}

function ok(of: Link['of'], text: string): Link {
  return { of, verdict: 'ok', text, toDo: null };
}

function waits(of: Link['of'], text: string): Link {
  return { of, verdict: 'waits', text, toDo: null };
}

function stops(of: Link['of'], text: string, toDo: string | null): Link {
  return { of, verdict: 'stops', text, toDo };
}
