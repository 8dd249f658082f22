import { nodeIdentity } from '../node.js';
import { matchesSelector, type NodeEni } from '../node-eni.js';
import type { EniFacts } from '../observation.js';
import type { DesiredPair } from '../pairing/desired.js';
import type { EniChanges } from '../step.js';
import { eniTags, TAG_KEYS } from '../tags.js';
import { type ClusterIndex, namesKey, networkKey, slotKey } from './cluster-index.js';
import { GO_TAGS, type GoNodeEni, isOfGoController } from './go-controller.js';
import { type Left, left } from './left-reasons.js';
import { rehearse } from './rehearse.js';
import { specProblem } from './spec-problem.js';

/** The UID tag of an ENI that is handed over: no Attachment has it, so that the pair's own may adopt the ENI. */
export const HANDED_OVER = 'migrated';

/** EC2's limit (Amazon EC2 User Guide, "Tag restrictions"). */
const MOST_TAGS = 50;

/** What is to become of an ENI. */
export type Verdict =
  | {
      readonly kind: 'takeOver';
      readonly pair: DesiredPair;
      readonly tags: Readonly<Record<string, string>>;
      /** What the controller will change in place after that. */
      readonly changes: EniChanges;
    }
  /** It carries this cluster's tags. */
  | { readonly kind: 'ours' }
  | Left;

/** Decides about one ENI, by itself: two for one slot are sorted out later. */
export function judge(eni: EniFacts, index: ClusterIndex): Verdict {
  const settled = primary(eni) ?? tagged(eni, index) ?? strange(eni, index);
  if (settled !== null) return settled;
  const found = pairOf(eni, index);
  if ('kind' in found) return found;
  return misplaced(eni, found, index) ?? taken(eni, found, index) ?? handOver(eni, found, index);
}

function primary(eni: EniFacts): Left | null {
  if (eni.attachment?.deviceIndex !== 0) return null;
  return left('PrimaryInterface', `it is at device index 0 of ${eni.attachment.instanceId}`);
}

/** Decides by this controller's own tags, if there are any. */
function tagged({ eniId, tags }: EniFacts, { view, pairs, held }: ClusterIndex): Verdict | null {
  const cluster = tags[TAG_KEYS.cluster];
  if (cluster === undefined) return null;
  if (cluster !== view.clusterName) return left('OtherCluster', `it carries the tags of cluster ${cluster}`);
  const [nodeEni = '', node = ''] = [tags[TAG_KEYS.nodeEni], tags[TAG_KEYS.node]];
  const key = namesKey(nodeEni, node);
  if (pairs.has(key) && held.get(key) !== eniId) {
    return left('PairHasEni', `${held.get(key) ?? ''} carries the tags of NodeENI ${nodeEni} on ${node} too`);
  }
  return { kind: 'ours' };
}

/** Decides about an ENI of a pair that this cluster does not have, or whose records disagree. */
function strange({ eniId, tags }: EniFacts, { nodes, nodeEnis, entries, view }: ClusterIndex): Left | null {
  const named = entries.get(eniId) ?? [];
  if (!isOfGoController(tags)) {
    const where = named.map(({ nodeEni, node }) => `NodeENI ${nodeEni} on ${node}`).join(' and ');
    return left('Untagged', `the status names it for ${where}, but it does not carry the Go controller's tags`);
  }
  const [nodeEni = '', node = ''] = [tags[GO_TAGS.nodeEni], tags[GO_TAGS.node]];
  if (!nodes.has(node)) return left('NodeUnknown', `it was made for node ${node}, which this cluster does not have`);
  const other = named.find((entry) => entry.nodeEni !== nodeEni || entry.node !== node);
  if (other !== undefined) {
    return left('StatusDiffers', `the status names it for NodeENI ${other.nodeEni} on ${other.node}, its tags do not`);
  }
  if (nodeEnis.has(nodeEni) || view.bySlot) return null;
  return left('NodeEniUnknown', `it was made for NodeENI ${nodeEni}, which this cluster does not have`);
}

/** The pair that may get the ENI. */
function pairOf(eni: EniFacts, index: ClusterIndex): DesiredPair | Left {
  const { tags, attachment } = eni;
  if (attachment === null) return left('NotAttached', 'it is attached to nothing');
  const bySlot = index.view.bySlot ? index.winners.get(slotKey(attachment)) : undefined;
  const chosen = bySlot?.nodeEni.name ?? tags[GO_TAGS.nodeEni] ?? '';
  const owner = index.nodeEnis.get(chosen);
  if (owner === undefined) return left('NodeEniUnknown', `no NodeENI wants ${place(eni)}, and ${chosen} is not here`);
  return unusable(owner) ?? pairOn(owner.nodeEni, tags[GO_TAGS.node] ?? '', index);
}

function unusable(owner: GoNodeEni): Left | null {
  const { name, deleting } = owner.nodeEni;
  if (deleting) return left('NodeEniDeleting', `NodeENI ${name} is being deleted`);
  const problem = specProblem(owner);
  return problem === null ? null : left('SpecNotUsable', `NodeENI ${name}: ${problem}`);
}

function pairOn(nodeEni: NodeEni, node: string, index: ClusterIndex): DesiredPair | Left {
  return index.pairs.get(namesKey(nodeEni.name, node)) ?? unwanted(nodeEni, node, index);
}

function unwanted(nodeEni: NodeEni, nodeName: string, { nodes }: ClusterIndex): Left {
  const node = nodes.get(nodeName);
  if (node !== undefined && matchesSelector(node.labels, nodeEni.spec.nodeSelector)) {
    const identity = nodeIdentity(node.providerId).kind;
    const why = identity === 'unknown' ? 'no providerID' : `the providerID ${node.providerId}`;
    return left('NodeNotEc2', `node ${nodeName} has ${why}`);
  }
  return left('NodeNotSelected', `NodeENI ${nodeEni.name} does not select node ${nodeName}`);
}

/** Compares where the ENI is with where the pair wants it. */
function misplaced(eni: EniFacts, pair: DesiredPair, index: ClusterIndex): Left | null {
  const { attachment, subnetId } = eni;
  const { spec, nodeEni } = pair;
  if (attachment?.status !== 'attached') return left('InTransit', `EC2 shows it ${attachment?.status ?? 'free'}`);
  if (attachment.instanceId !== spec.instanceId) {
    return left('OtherInstance', `it is on ${attachment.instanceId}, node ${spec.nodeName} is ${spec.instanceId}`);
  }
  if (slotKey(attachment) !== slotKey(spec)) {
    const wanted = `NodeENI ${nodeEni.name} wants index ${spec.deviceIndex} of card ${spec.networkCardIndex}`;
    return left('OtherSlot', `it is at ${place(eni)} in ${subnetId}; ${wanted}`);
  }
  return outside(eni, pair, index);
}

function outside({ subnetId, vpcId }: EniFacts, { spec, nodeEni }: DesiredPair, { view }: ClusterIndex): Left | null {
  const named = (view.networks.get(networkKey(nodeEni.name, vpcId))?.subnets ?? []).filter(({ foundByName }) => {
    return foundByName !== null && spec.subnetNames.includes(foundByName);
  });
  if (spec.subnetIds.includes(subnetId) || named.some((subnet) => subnet.subnetId === subnetId)) return null;
  return left('OtherSubnet', `it is in ${subnetId}, which NodeENI ${nodeEni.name} does not name`);
}

/** Whether another NodeENI or another ENI comes first. */
function taken(eni: EniFacts, { spec, nodeEni }: DesiredPair, { winners, held }: ClusterIndex): Left | null {
  const winner = winners.get(slotKey(spec))?.nodeEni;
  if (winner !== undefined && winner.uid !== nodeEni.uid) {
    return left('SlotTaken', `NodeENI ${winner.name} has the slot, being older or having its NodeENIAttachment`);
  }
  const other = held.get(namesKey(nodeEni.name, spec.nodeName));
  if (other === undefined || other === eni.eniId) return null;
  return left('PairHasEni', `NodeENI ${nodeEni.name} has ${other} on ${spec.nodeName} already`);
}

function handOver(eni: EniFacts, pair: DesiredPair, { view }: ClusterIndex): Verdict {
  const tags = handOverTags(view.clusterName, pair);
  const all = { ...eni.tags, ...tags };
  const count = new Set([...Object.keys(all), ...Object.keys(pair.spec.tags)]).size;
  if (count > MOST_TAGS) return left('TooManyTags', `it would have ${count} tags`);
  const network = view.networks.get(networkKey(pair.nodeEni.name, eni.vpcId)) ?? { subnets: [], groups: [] };
  const { changes, obstacle } = rehearse(pair, { ...eni, tags: all }, { ...view, network });
  if (obstacle === null) return { kind: 'takeOver', pair, tags, changes };
  const message =
    obstacle.type === 'block' ? `${obstacle.reason}: ${obstacle.message}` : `${obstacle.type} would follow`;
  return left('NotClean', `the controller could not go on with it: ${message}`);
}

/** The tags by which the controller finds the ENI. `Name` is left to the adoption, which has the user's tags too. */
function handOverTags(clusterName: string, { nodeEni, node }: DesiredPair): Record<string, string> {
  const whose = { nodeEniName: nodeEni.name, nodeEniUid: nodeEni.uid, nodeName: node.name };
  const tags = eniTags({ clusterName, attachmentUid: HANDED_OVER, ...whose }, {});
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== TAG_KEYS.name));
}

function place({ attachment }: EniFacts): string {
  return `index ${attachment?.deviceIndex ?? '?'} of card ${attachment?.networkCardIndex ?? '?'}`;
}
