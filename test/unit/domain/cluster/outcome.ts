import type { Attachment } from '../../../../src/domain/attachment.js';
import type { NodeEni } from '../../../../src/domain/node-eni.js';
import type { ClusterNode } from '../../../../src/domain/node.js';
import { TAG_KEYS } from '../../../../src/domain/tags.js';
import type { Cluster } from './cluster.js';

/** An EC2 node that a NodeENI selects, and the name of the slot that it is to have. */
export interface Match {
  readonly nodeEni: NodeEni;
  readonly node: ClusterNode;
  readonly slot: string;
}

/** Every pair that should exist, conflicts included. */
export function matchesOf({ kubernetes: { nodes, nodeEnis } }: Cluster): Match[] {
  return [...nodeEnis.values()].flatMap((nodeEni) =>
    [...nodes.values()]
      .filter((node) => !nodeEni.deleting && node.providerId.startsWith('aws://') && selects(nodeEni, node))
      .map((node) => ({ nodeEni, node, slot: `${node.name}.0.${nodeEni.spec.deviceIndex}` })),
  );
}

/**
 * Everything that differs from what should be there once all is quiet; empty when all is well. It knows nothing of the
 * planner: of several NodeENIs that want one slot, any may have it.
 */
export function problems(cluster: Cluster): string[] {
  const { nodeEnis, attachments } = cluster.kubernetes;
  const matches = matchesOf(cluster);
  const leaving = [...nodeEnis.values()].filter(({ deleting }) => deleting).map(({ name }) => `${name} is not gone`);
  return [
    ...leaving,
    ...matches.flatMap(({ slot }) => (attachments.has(slot) ? [] : [`nobody has ${slot}`])),
    ...[...attachments.values()].flatMap((one) => ofAttachment(cluster, one, matches)),
    ...differs('ENIs', cluster.enis.length, attachments.size),
    ...[...nodeEnis.values()].flatMap((nodeEni) => ofStatus(cluster, nodeEni, matches)),
  ];
}

function selects({ spec: { nodeSelector } }: NodeEni, { labels }: ClusterNode): boolean {
  return Object.keys(nodeSelector).every((key) => labels[key] === nodeSelector[key]);
}

function ofAttachment(cluster: Cluster, one: Attachment, matches: readonly Match[]): string[] {
  const { name, uid, spec, status } = one;
  const match = matches.find(({ nodeEni, node }) => nodeEni.uid === spec.nodeEni.uid && node.name === spec.nodeName);
  const [eni] = cluster.ec2.ownedBy(uid);
  if (match === undefined) return [`nobody wants ${name}`];
  if (eni === undefined) return [`${name} has no ENI; it says ${status.phase ?? 'nothing'} ${status.message ?? ''}`];
  // One that waits for the slot of another keeps the ENI that it has, as it is.
  const wanted = match.slot === name ? match.nodeEni.spec : spec;
  const tags = { ...wanted.tags, [TAG_KEYS.nodeEniUid]: spec.nodeEni.uid, [TAG_KEYS.node]: spec.nodeName };
  const where = eni.attachment;
  return [
    ...differs('phase', status.phase, 'Attached'),
    ...differs('generation in the status', status.observedGeneration, one.generation),
    ...differs('ENI in the status', status.eniId, eni.eniId),
    ...differs('node UID', spec.nodeUid, match.node.uid),
    ...differs('instance', where?.instanceId, match.node.providerId.split('/').at(-1)),
    ...differs('status', where?.status, 'attached'),
    ...differs('slot', `${spec.nodeName}.${where?.networkCardIndex ?? ''}.${where?.deviceIndex ?? ''}`, name),
    ...differs('deleteOnTermination', where?.deleteOnTermination, wanted.deleteOnTermination),
    ...differs('sourceDestCheck', eni.sourceDestCheck, wanted.sourceDestCheck),
    ...differs('groups', eni.securityGroupIds.toSorted().join(), wanted.securityGroupIds.toSorted().join()),
    ...differs(
      'description',
      eni.description,
      wanted.description || `NodeENI ${spec.nodeEni.name} on ${spec.nodeName}`,
    ),
    ...(wanted.subnetIds.includes(eni.subnetId) ? [] : [`subnet is ${eni.subnetId}`]),
    ...Object.entries(tags).flatMap(([key, value]) => differs(`tag ${key}`, eni.tags[key], value)),
  ].map((what) => `${name}: ${what}`);
}

function ofStatus(cluster: Cluster, nodeEni: NodeEni, matches: readonly Match[]): string[] {
  const { attachments, statuses, nodes } = cluster.kubernetes;
  const status = statuses.get(nodeEni.uid);
  const own = matches.filter((match) => match.nodeEni.uid === nodeEni.uid);
  const having = [...attachments.values()].filter(({ spec }) => spec.nodeEni.uid === nodeEni.uid);
  const inSlot = own.filter(({ slot }) => having.some(({ name }) => name === slot));
  const elsewhere = [...nodes.values()].filter(
    (node) => node.providerId.startsWith('kind://') && selects(nodeEni, node),
  );
  const rows = having.map(
    ({ spec, status: { eniId } }) => `${spec.nodeName} ${spec.deviceIndex} Attached ${eniId ?? ''}`,
  );
  const shown = status?.attachments.map((row) => `${row.nodeID} ${row.deviceIndex} ${row.status} ${row.eniID ?? ''}`);
  const conditions = new Map(status?.conditions.map((one) => [one.type, one.status]));
  return [
    ...differs('desired', status?.desired, own.length),
    ...differs('attached', status?.attached, having.length),
    ...differs('unavailable', status?.unavailable, own.length - having.length),
    ...differs('updated', status?.updated, inSlot.length),
    ...differs('blocked', status?.blocked, 0),
    ...differs('skipped', status?.skipped, elsewhere.length),
    ...differs('generation', status?.observedGeneration, nodeEni.generation),
    ...differs('rows', shown?.sort().join(), rows.sort().join()),
    ...differs('Ready', conditions.get('Ready'), having.length === own.length ? 'True' : 'False'),
    ...differs('Progressing', conditions.get('Progressing'), 'False'),
    ...differs('SlotConflict', conditions.get('SlotConflict'), inSlot.length === own.length ? 'False' : 'True'),
  ].map((what) => `NodeENI ${nodeEni.name}: ${what}`);
}

function differs(what: string, is: unknown, wanted: unknown): string[] {
  return is === wanted ? [] : [`${what} is ${String(is)}, not ${String(wanted)}`];
}
