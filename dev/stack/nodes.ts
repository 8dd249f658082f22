import { RunInstancesCommand, type _InstanceType } from '@aws-sdk/client-ec2';
import { ApiException, PatchStrategy, setHeaderOptions, type V1Node } from '@kubernetes/client-node';

import { given, type Vpc } from './seed.js';
import type { Stack } from './stack.js';

/** A node to make. */
export interface NodeSpec {
  readonly name: string;
  /** A zone of the VPC. Default: its first. */
  readonly zone?: string;
  /** On top of the labels of zone, instance type and host name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default `m5.4xlarge`, which takes eight ENIs. */
  readonly instanceType?: _InstanceType;
}

/** An EC2 instance and the Node object that stands for it. */
export interface SeededNode {
  readonly name: string;
  readonly uid: string;
  readonly instanceId: string;
  readonly zone: string;
}

type Cluster = Pick<Stack, 'ec2' | 'kubernetes'>;

const INSTANCES_PER_CALL = 50;
const NODES_AT_ONCE = 10;

/** Runs an instance in the zone's subnet and makes its Node; one of that name is replaced. */
export async function seedNode(stack: Cluster, vpc: Vpc, spec: NodeSpec): Promise<SeededNode> {
  const [node] = await seedNodes(stack, vpc, [spec]);
  return given(node, 'RunInstances');
}

/** The same for many, up to fifty instances in a call and ten Nodes at a time. In the order of `specs`. */
export async function seedNodes(stack: Cluster, vpc: Vpc, specs: readonly NodeSpec[]): Promise<SeededNode[]> {
  const complete = specs.map((spec) => withDefaults(spec, vpc));
  const instanceIds = new Map<string, string>();
  const alike = Map.groupBy(complete, ({ zone, instanceType }) => `${zone} ${instanceType}`);
  for (const group of alike.values()) {
    for (let start = 0; start < group.length; start += INSTANCES_PER_CALL) {
      const batch = group.slice(start, start + INSTANCES_PER_CALL);
      const ids = await runInstances(stack, vpc, batch);
      for (const [index, { name }] of batch.entries()) instanceIds.set(name, given(ids[index], 'RunInstances'));
    }
  }
  const nodes: SeededNode[] = [];
  for (let start = 0; start < complete.length; start += NODES_AT_ONCE) {
    const batch = complete.slice(start, start + NODES_AT_ONCE);
    const made = batch.map((spec) => createNode(stack, spec, given(instanceIds.get(spec.name), 'RunInstances')));
    nodes.push(...(await Promise.all(made)));
  }
  return nodes;
}

/** Sets labels of a Node; null as a value takes the label away. */
export async function labelNode(
  { kubernetes }: Pick<Stack, 'kubernetes'>,
  name: string,
  labels: Readonly<Record<string, string | null>>,
): Promise<void> {
  const options = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  await kubernetes.core.patchNode({ name, body: { metadata: { labels } } }, options);
}

/** Deletes a Node object; its instance runs on. */
export async function deleteNode({ kubernetes }: Pick<Stack, 'kubernetes'>, name: string): Promise<void> {
  await kubernetes.core.deleteNode({ name });
}

/** Reports the Node as ready now, as its kubelet does every five minutes or more often. */
export async function heartbeat({ kubernetes }: Pick<Stack, 'kubernetes'>, name: string): Promise<void> {
  const options = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  const condition = { type: 'Ready', status: 'True', lastHeartbeatTime: new Date() };
  await kubernetes.core.patchNodeStatus({ name, body: { status: { conditions: [condition] } } }, options);
}

function withDefaults(spec: NodeSpec, vpc: Vpc): Required<NodeSpec> {
  const zone = spec.zone ?? given(Object.keys(vpc.subnetIds)[0], 'CreateSubnet');
  return { labels: {}, instanceType: 'm5.4xlarge', ...spec, zone };
}

async function runInstances(stack: Cluster, vpc: Vpc, alike: readonly Required<NodeSpec>[]): Promise<string[]> {
  const [first] = alike;
  if (first === undefined) return [];
  const subnetId = vpc.subnetIds[first.zone];
  if (subnetId === undefined) throw new Error(`node ${first.name}: the VPC has no subnet in ${first.zone}`);
  const { Instances: instances = [] } = await stack.ec2.client.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b', // any image that the fake EC2 knows
      InstanceType: first.instanceType,
      MinCount: alike.length,
      MaxCount: alike.length,
      SubnetId: subnetId,
      SecurityGroupIds: Object.values(vpc.securityGroupIds).slice(0, 1),
    }),
  );
  return instances.map(({ InstanceId: id }) => given(id, 'RunInstances'));
}

async function createNode({ kubernetes }: Cluster, spec: Required<NodeSpec>, instanceId: string): Promise<SeededNode> {
  const { name, zone, instanceType, labels } = spec;
  const now = new Date();
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  const body: V1Node = {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': instanceType,
        'topology.kubernetes.io/region': zone.slice(0, -1),
        'topology.kubernetes.io/zone': zone,
        ...labels,
      },
    },
    spec: { providerID: `aws:///${zone}/${instanceId}` },
    status: { conditions: [{ ...ready, lastHeartbeatTime: now, lastTransitionTime: now }] },
  };
  const node = await kubernetes.core.createNode({ body }).catch(async (error: unknown) => {
    if (!isConflict(error)) throw error;
    await kubernetes.core.deleteNode({ name }); // of an earlier run on the same cluster
    return await kubernetes.core.createNode({ body });
  });
  return { name, uid: given(node.metadata?.uid, 'create Node'), instanceId, zone };
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiException && error.code === 409;
}
