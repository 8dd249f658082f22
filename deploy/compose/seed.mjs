// Two instances in a new VPC of the fake EC2, a Node for each, and a NodeENI that matches both.
// Run again, it starts afresh with new instances: the fake EC2 forgets everything when it is restarted.
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CoreV1Api, KubeConfig, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';

const LABELS = { ng: 'multi-eni' };

const ec2 = new EC2Client({});
const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();
const core = kubeConfig.makeApiClient(CoreV1Api);

const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
const group = await ec2.send(
  new CreateSecurityGroupCommand({ VpcId: vpc.VpcId, GroupName: 'multi-eni', Description: 'made by seed.mjs' }),
);
for (const [index, zone] of ['us-east-1a', 'us-east-1b'].entries()) {
  const subnet = await createSubnet(zone, `10.0.${index * 16}.0/20`, `multi-eni-${zone.slice(-1)}`);
  await createNode(`node-${zone.slice(-1)}`, zone, await runInstance(subnet));
}
await applyNodeEni();
ec2.destroy();

async function createSubnet(zone, cidr, name) {
  const tags = [{ ResourceType: 'subnet', Tags: [{ Key: 'Name', Value: name }] }];
  const { Subnet: subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: vpc.VpcId, AvailabilityZone: zone, CidrBlock: cidr, TagSpecifications: tags }),
  );
  return subnet.SubnetId;
}

async function runInstance(subnet) {
  const { Instances: instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b', // any image that the fake EC2 knows
      InstanceType: 'm5.large',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnet,
      SecurityGroupIds: [group.GroupId],
    }),
  );
  return instances[0].InstanceId;
}

async function createNode(name, zone, instance) {
  // Its providerID can never be changed, so an earlier node of that name has to go.
  await core.deleteNode({ name }).catch((error) => {
    if (error.code !== 404) throw error;
  });
  const labels = { ...LABELS, 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone };
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: new Date(), lastTransitionTime: new Date() }];
  const spec = { providerID: `aws:///${zone}/${instance}` };
  await core.createNode({ body: { metadata: { name, labels }, spec, status: { conditions } } });
  console.log(`node ${name} is instance ${instance} in ${zone}`);
}

async function applyNodeEni() {
  const nodeEni = {
    apiVersion: 'networking.k8s.aws/v1alpha1',
    kind: 'NodeENI',
    metadata: { name: 'seeded' },
    spec: {
      nodeSelector: LABELS,
      subnetNames: ['multi-eni-a', 'multi-eni-b'],
      securityGroupNames: ['multi-eni'],
      description: 'made by seed.mjs',
    },
  };
  const objects = KubernetesObjectApi.makeApiClient(kubeConfig);
  await objects.patch(nodeEni, undefined, undefined, 'seed', true, PatchStrategy.ServerSideApply);
  console.log('NodeENI seeded matches both: docker compose run --rm kubectl get nodeenis,nodeeniattachments');
}
