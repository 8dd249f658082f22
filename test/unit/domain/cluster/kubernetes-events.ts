import type { NodeEniSpec } from '../../../../src/domain/node-eni.js';
import { instance, node, nodeEni } from '../../../support/builders.js';
import type { Cluster } from './cluster.js';
import { choose, pick, type Events } from './event.js';

type Labels = Readonly<Record<string, string>>;

const LABELS: readonly [Labels, ...Labels[]] = [{ a: '1', b: '1' }, { a: '1' }, { b: '1' }, {}];
const SELECTORS: readonly [Labels, ...Labels[]] = [{}, { a: '1' }, { b: '1' }];

type Edit = (choice: number) => Partial<NodeEniSpec>;

/** The edits of a NodeENI. Two device indexes and three NodeENIs: they get into each other's way. */
const EDITS: readonly [Edit, ...Edit[]] = [
  (choice) => ({ nodeSelector: pick(SELECTORS, choice) }),
  (choice) => ({ deviceIndex: 1 + (choice % 2) }),
  (choice) => ({ subnetIds: pick([['subnet-a'], ['subnet-b'], ['subnet-b', 'subnet-a']], choice) }),
  (choice) => ({ securityGroupIds: pick([['sg-1'], ['sg-2'], ['sg-1', 'sg-2']], choice) }),
  (choice) => ({ description: pick(['', 'one', 'two'], choice) }),
  (choice) => ({ tags: pick<Labels>([{}, { team: 'disks' }, { team: 'nets', of: 'two' }], choice) }),
  (choice) => ({ deleteOnTermination: choice % 2 === 0, sourceDestCheck: choice % 3 === 0 }),
  (choice) => ({ updateStrategy: { type: 'RollingUpdate', maxUnavailable: 1 + (choice % 2) } }),
];

/** What users and nodes do. */
export const KUBERNETES_EVENTS: Events = {
  'node joins': (cluster, which, how) => joinNode(cluster, which, how),
  'node goes': (cluster, which, how) => void leaveNode(cluster, which, how),
  'node is replaced': (cluster, which, how) => {
    const name = leaveNode(cluster, which, how);
    if (name !== undefined) joinNode(cluster, Number(name.at(-1)) - 1, how);
  },
  'node registers anew': ({ kubernetes }, which) => {
    const one = choose(kubernetes.nodes.values(), which);
    if (one?.providerId) kubernetes.nodes.set(one.name, { ...one, uid: kubernetes.uid('node') });
  },
  'node is labelled anew': ({ kubernetes: { nodes } }, which, how) => {
    const one = choose(nodes.values(), which);
    if (one !== undefined) nodes.set(one.name, { ...one, labels: pick(LABELS, how) });
  },
  'node is paused or resumed': ({ kubernetes: { nodes } }, which) => {
    const one = choose(nodes.values(), which);
    if (one !== undefined) nodes.set(one.name, { ...one, paused: !one.paused });
  },
  'NodeENI is made': ({ kubernetes }, which, how) => {
    const name = pick(['x', 'y', 'z'], which);
    if (kubernetes.nodeEnis.has(name)) return;
    const made = { name, uid: kubernetes.uid(name), createdAt: kubernetes.timestamp, hasFinalizer: false };
    const spec = { nodeSelector: pick(SELECTORS, how), deviceIndex: 1 + (how % 2) };
    kubernetes.nodeEnis.set(name, nodeEni({ ...made, spec }));
  },
  'NodeENI is edited': ({ kubernetes }, which, how) => {
    const one = choose(kubernetes.nodeEnis.values(), which);
    if (one !== undefined) kubernetes.edit(one, pick(EDITS, how)(which + how));
  },
  'NodeENI is deleted': ({ kubernetes }, which) => {
    const one = choose(kubernetes.nodeEnis.values(), which);
    if (one !== undefined) kubernetes.deleteNodeEni(one);
  },
  'NodeENI is paused or resumed': ({ kubernetes: { nodeEnis } }, which) => {
    const one = choose(nodeEnis.values(), which);
    if (one !== undefined) nodeEnis.set(one.name, { ...one, paused: !one.paused });
  },
  'finalizer of a NodeENI taken off': ({ kubernetes }, which) => {
    const one = choose(kubernetes.nodeEnis.values(), which);
    if (one?.deleting !== true) return;
    kubernetes.takenOff.add(one.uid);
    kubernetes.nodeEnis.delete(one.name);
  },
  'Attachment is deleted': async ({ kubernetes }, which) => {
    const one = choose(kubernetes.attachments.values(), which);
    if (one !== undefined && !one.deleting) await kubernetes.removeAttachment(one);
  },
  'Attachment is deleted by force': ({ kubernetes }, which) => {
    const one = choose(kubernetes.attachments.values(), which);
    if (one === undefined) return;
    kubernetes.takenOff.add(one.uid);
    kubernetes.attachments.delete(one.name);
  },
};

/** Lets a node join, as an EC2 instance for most choices; else its providerID comes later, or it is none of EC2. */
export function joinNode({ kubernetes, ec2 }: Cluster, which: number, how: number): void {
  const number = 1 + (which % 3);
  if (kubernetes.nodes.has(`node-${number}`)) return;
  const uid = kubernetes.uid('node');
  const instanceId = instanceIdOf(uid);
  const providerId = how === 10 ? '' : how === 11 ? 'kind://docker/x/y' : `aws:///us-east-1a/${instanceId}`;
  if (how !== 11) ec2.instances.set(instanceId, instance({ instanceId, limits: { '0': 8 } }));
  kubernetes.nodes.set(`node-${number}`, node(number, { uid, providerId, labels: pick(LABELS, how) }));
}

/** The instance of a node that joined with this UID. */
export function instanceIdOf(uid: string): string {
  return `i-0${uid.split('-').at(-1) ?? ''}`;
}

function leaveNode({ kubernetes, ec2 }: Cluster, which: number, how: number): string | undefined {
  const gone = choose(kubernetes.nodes.values(), which);
  if (gone === undefined) return undefined;
  kubernetes.nodes.delete(gone.name);
  if (how % 2 === 0) ec2.terminate(gone.providerId.split('/').at(-1) ?? '');
  return gone.name;
}
