import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  type EC2Client,
  type TagSpecification,
} from '@aws-sdk/client-ec2';

/** A network to put nodes and ENIs into. */
export interface Vpc {
  readonly vpcId: string;
  /** Subnet ids by zone: `us-east-1a` … */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** Security group ids by name. */
  readonly securityGroupIds: Readonly<Record<string, string>>;
}

/** What {@link seedVpc} makes. */
export interface VpcOptions {
  /** One subnet each, named `multi-eni-<last letter>`. Default us-east-1a and us-east-1b. */
  readonly zones?: readonly string[];
  /** Names of the security groups. Default one, `multi-eni`. */
  readonly securityGroups?: readonly string[];
  /** Second number of the 10.n.0.0/16 address range. Default 0. */
  readonly network?: number;
}

/** Makes a VPC with a subnet of 4,091 free addresses in each zone, and security groups. */
export async function seedVpc(ec2: EC2Client, options: VpcOptions = {}): Promise<Vpc> {
  const { zones = ['us-east-1a', 'us-east-1b'], securityGroups = ['multi-eni'], network = 0 } = options;
  const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: `10.${network}.0.0/16` }));
  const vpcId = given(vpc?.VpcId, 'CreateVpc');
  const subnetIds: Record<string, string> = {};
  for (const [index, zone] of zones.entries()) {
    const { Subnet: subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        AvailabilityZone: zone,
        CidrBlock: `10.${network}.${index * 16}.0/20`,
        TagSpecifications: [nameTag('subnet', `multi-eni-${zone.slice(-1)}`)],
      }),
    );
    subnetIds[zone] = given(subnet?.SubnetId, 'CreateSubnet');
  }
  const securityGroupIds: Record<string, string> = {};
  for (const name of securityGroups) {
    const { GroupId: id } = await ec2.send(
      new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: name, Description: `${name} (made by seedVpc)` }),
    );
    securityGroupIds[name] = given(id, 'CreateSecurityGroup');
  }
  return { vpcId, subnetIds, securityGroupIds };
}

function nameTag(type: 'subnet', name: string): TagSpecification {
  return { ResourceType: type, Tags: [{ Key: 'Name', Value: name }] };
}

/** @throws Error when the reply of `call` lacks the value */
export function given<T>(value: T | undefined, call: string): T {
  if (value === undefined) throw new Error(`EC2's reply to ${call} lacks what was asked for`);
  return value;
}
