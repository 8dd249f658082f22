// What seed.mjs and demo.mjs do in the fake EC2 and in Kubernetes. The network and the nodes are those of `make dev` and
// `make demo` (dev/stack/seed.ts, dev/stack/nodes.ts); test/production compares them.
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';

const GROUP = 'networking.k8s.aws';
const VERSION = 'v1alpha1';
const INSTANCE_TYPE = 'm5.4xlarge'; // takes eight ENIs

const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();
const core = kubeConfig.makeApiClient(CoreV1Api);
const custom = kubeConfig.makeApiClient(CustomObjectsApi);
const ec2 = new EC2Client({});

/** A VPC with a subnet for each { zone, cidr, name }, and a security group. */
export async function createNetwork(subnets) {
  const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const subnetIds = [];
  for (const { zone, cidr, name } of subnets) {
    const tags = [{ ResourceType: 'subnet', Tags: [{ Key: 'Name', Value: name }] }];
    const { Subnet: subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpc.VpcId,
        AvailabilityZone: zone,
        CidrBlock: cidr,
        TagSpecifications: tags,
      }),
    );
    subnetIds.push(subnet.SubnetId);
  }
  const { GroupId: groupId } = await ec2.send(
    new CreateSecurityGroupCommand({
      VpcId: vpc.VpcId,
      GroupName: 'multi-eni',
      Description: 'multi-eni (made by docker compose)',
    }),
  );
  return { subnetIds, groupId };
}

/** An instance in the subnet and its Node. One of that name is replaced: a providerID can never be changed. */
export async function createNode({ name, zone, labels }, subnetId, groupId) {
  const { Instances: instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b', // any image that the fake EC2 knows
      InstanceType: INSTANCE_TYPE,
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnetId,
      SecurityGroupIds: [groupId],
    }),
  );
  const instanceId = instances[0].InstanceId;
  await unlessGone(core.deleteNode({ name }));
  const now = new Date();
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  await core.createNode({
    body: {
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'node.kubernetes.io/instance-type': INSTANCE_TYPE,
          'topology.kubernetes.io/region': zone.slice(0, -1),
          'topology.kubernetes.io/zone': zone,
          ...labels,
        },
      },
      spec: { providerID: `aws:///${zone}/${instanceId}` },
      status: { conditions: [{ ...ready, lastHeartbeatTime: now, lastTransitionTime: now }] },
    },
  });
  console.log(`node ${name} is instance ${instanceId} in ${zone}`);
  return instanceId;
}

/** Sets labels of a node; null takes one away. */
export async function labelNode(name, labels) {
  const options = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  await core.patchNode({ name, body: { metadata: { labels } } }, options);
}

/** Deletes a Node object, when there is one. */
export async function deleteNode(name) {
  await unlessGone(core.deleteNode({ name }));
}

/** Creates a NodeENI, or changes the one of that name. */
export async function applyNodeEni(name, spec) {
  const objects = KubernetesObjectApi.makeApiClient(kubeConfig);
  const nodeEni = { apiVersion: `${GROUP}/${VERSION}`, kind: 'NodeENI', metadata: { name }, spec };
  await objects.patch(nodeEni, undefined, undefined, 'compose', true, PatchStrategy.ServerSideApply);
}

/** Asks for a NodeENI's deletion, when there is one. */
export async function deleteNodeEni(name) {
  await unlessGone(custom.deleteClusterCustomObject({ group: GROUP, version: VERSION, plural: 'nodeenis', name }));
}

/** The NodeENIs of these names that exist. */
export async function nodeEnis(names) {
  const { items } = await custom.listClusterCustomObject({ group: GROUP, version: VERSION, plural: 'nodeenis' });
  return items.filter(({ metadata }) => names.includes(metadata.name));
}

/** The NodeENIAttachments of these NodeENIs. */
export async function attachments(names) {
  const kind = { group: GROUP, version: VERSION, plural: 'nodeeniattachments' };
  const { items } = await custom.listClusterCustomObject(kind);
  return items.filter(({ spec }) => names.includes(spec.nodeENI.name));
}

/** The ENIs in EC2 that the controller made for these NodeENIs. */
export async function enis(names) {
  const filters = [{ Name: `tag:${GROUP}/nodeeni`, Values: names }];
  const { NetworkInterfaces: found } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: filters }));
  return found;
}

async function unlessGone(call) {
  try {
    await call;
  } catch (error) {
    if (error.code !== 404) throw error;
  }
}
