import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, type Filter } from '@aws-sdk/client-ec2';

import type { GroupFacts, SubnetFacts } from '../domain/observation.js';
import type { NetworkQuery } from '../domain/ports.js';
import { TAG_KEYS } from '../domain/tags.js';
import type { Ec2Caller } from './caller.js';
import type { Clock } from './clock.js';
import { tagsOf } from './convert.js';
import { collected, filter, pages } from './lists.js';
import { NetworkLookup } from './network-lookup.js';

/** Free addresses change with every ENI, so subnets are kept for half the time of what hardly ever changes. */
const SUBNET_MS = 30_000;
const GROUP_MS = 60_000;

/** Reads of subnets and security groups. They are shared by all pairs of a NodeENI, so they are cached. */
export class NetworkReads {
  readonly #subnets: NetworkLookup<SubnetFacts>;
  readonly #groups: NetworkLookup<GroupFacts>;

  constructor(caller: Ec2Caller, clock: Clock) {
    this.#subnets = new NetworkLookup({
      clock,
      keepMs: SUBNET_MS,
      byId: async (ids) => subnets(caller, [filter('subnet-id', ids)], false),
      byName: async (names, vpcId) =>
        subnets(caller, [filter('vpc-id', [vpcId]), filter(`tag:${TAG_KEYS.name}`, names)], true),
      idOf: ({ subnetId }) => subnetId,
    });
    this.#groups = new NetworkLookup({
      clock,
      keepMs: GROUP_MS,
      byId: async (ids) => groups(caller, [filter('group-id', ids)], false),
      byName: async (names, vpcId) => groups(caller, [filter('vpc-id', [vpcId]), filter('group-name', names)], true),
      idOf: ({ groupId }) => groupId,
    });
  }

  /** See Ec2Reads; up to 30 s old, and 5 s for one that was not found. @throws Ec2Error */
  async subnets(query: NetworkQuery): Promise<readonly SubnetFacts[]> {
    return this.#subnets.find(query);
  }

  /** See Ec2Reads; up to 60 s old, and 5 s for one that was not found. @throws Ec2Error */
  async securityGroups(query: NetworkQuery): Promise<readonly GroupFacts[]> {
    return this.#groups.find(query);
  }
}

async function subnets(caller: Ec2Caller, filters: Filter[], byName: boolean): Promise<SubnetFacts[]> {
  const list = pages((page) =>
    caller.read('DescribeSubnets', (client) => client.send(new DescribeSubnetsCommand({ ...page, Filters: filters }))),
  );
  const found = await collected(list, ({ Subnets }) => Subnets);
  return found.map((subnet) => ({
    subnetId: subnet.SubnetId ?? '',
    zone: subnet.AvailabilityZone ?? '',
    vpcId: subnet.VpcId ?? '',
    freeAddresses: subnet.AvailableIpAddressCount ?? 0,
    foundByName: byName ? (tagsOf(subnet.Tags)[TAG_KEYS.name] ?? '') : null,
  }));
}

async function groups(caller: Ec2Caller, filters: Filter[], byName: boolean): Promise<GroupFacts[]> {
  const list = pages((page) =>
    caller.read('DescribeSecurityGroups', (client) =>
      client.send(new DescribeSecurityGroupsCommand({ ...page, Filters: filters })),
    ),
  );
  const found = await collected(list, ({ SecurityGroups }) => SecurityGroups);
  return found.map((group) => ({
    groupId: group.GroupId ?? '',
    vpcId: group.VpcId ?? '',
    foundByName: byName ? (group.GroupName ?? '') : null,
  }));
}
