import { CreateSubnetCommand } from '@aws-sdk/client-ec2';

import type { Ec2Eni } from '../stack/ec2-types.js';
import { seedNodes, type SeededNode } from '../stack/nodes.js';
import { given, seedVpc } from '../stack/seed.js';
import type { Stack } from '../stack/stack.js';
import { table } from './print.js';

/** What the demo plays on: two nodes and two subnets in one zone. */
export interface Network {
  readonly subnetA: string;
  readonly subnetB: string;
  readonly securityGroups: readonly string[];
  readonly nodes: readonly SeededNode[];
}

const ZONE = 'us-east-1a';

/** Makes the network and its nodes; no node carries the label yet. */
export async function makeNetwork(stack: Stack): Promise<Network> {
  const vpc = await seedVpc(stack.ec2.client, { zones: [ZONE] });
  const second = { VpcId: vpc.vpcId, AvailabilityZone: ZONE, CidrBlock: '10.0.128.0/20' };
  const { Subnet: subnet } = await stack.ec2.client.send(new CreateSubnetCommand(second));
  const nodes = await seedNodes(stack, vpc, [{ name: 'node-1' }, { name: 'node-2' }]);
  return {
    subnetA: given(vpc.subnetIds[ZONE], 'CreateSubnet'),
    subnetB: given(subnet?.SubnetId, 'CreateSubnet'),
    securityGroups: Object.values(vpc.securityGroupIds),
    nodes,
  };
}

/** Prints the ENIs that EC2 has, the instances' own left out, and returns them. */
export async function printEnis(stack: Stack, network: Network): Promise<readonly Ec2Eni[]> {
  const enis = await stack.ec2.control.enis();
  console.log();
  if (enis.length === 0) {
    console.log('  EC2 has no ENI besides the instances\u2019 own');
    return enis;
  }
  const nodeOf = (id: string | undefined): string =>
    network.nodes.find(({ instanceId }) => instanceId === id)?.name ?? id ?? '-';
  const rows = enis.map(({ id, subnetId, privateIp, status, attachment }) => {
    const place = attachment === null ? ['-', '-'] : [nodeOf(attachment.instanceId), attachment.deviceIndex];
    return [id, subnetId === network.subnetA ? 'A' : 'B', privateIp, ...place, attachment?.status ?? status];
  });
  table(['ENI IN EC2', 'SUBNET', 'ADDRESS', 'NODE', 'INDEX', 'STATE'], rows);
  return enis;
}
