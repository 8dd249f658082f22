import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { parse } from 'yaml';

import { REPO } from '../../../dev/bootstrap/paths.js';
import type { NodeEni, NodeEniSpec } from '../../../dev/demo/node-enis.js';
import type { ProductionWorld } from '../../../dev/production/world.js';
import type { NodeSpec } from '../../../dev/stack/nodes.js';
import { given } from '../../../dev/stack/seed.js';
import { GROUP, VERSION } from '../../../src/domain/names.js';

type Cluster = Pick<ProductionWorld, 'kubernetes' | 'ec2'>;

/** The nodes that `make dev` makes. */
export async function nodesOfMakeDev(): Promise<NodeSpec[]> {
  return parse(await pieceOfMakeDev(/const NODES = (\[[^;]*\]);/)) as NodeSpec[]; // a literal of strings is YAML too
}

/** What the API server makes of the NodeENI that `make dev` writes for the user, with these ids; it is not stored. */
export async function nodeEniOfMakeDev({ kubernetes }: Cluster, ids: NodeEniSpec): Promise<NodeEniSpec> {
  const { subnetID = '', securityGroupIDs = [] } = ids;
  const yaml = (await pieceOfMakeDev(/return `(apiVersion:[^`]*)`/))
    .replace(/(subnetID: )\$\{[^}]*\}/, `$1${subnetID}`)
    .replace(/\$\{[^}]*\}/, securityGroupIDs.join(', '));
  const manifest = parse(yaml) as { metadata: { name: string } };
  const body = { ...manifest, metadata: { name: `${manifest.metadata.name}-of-dev` } };
  const kind = { group: GROUP, version: VERSION, plural: 'nodeenis' };
  const api = kubernetes.config.makeApiClient(CustomObjectsApi);
  return ((await api.createClusterCustomObject({ ...kind, body, dryRun: 'All' })) as NodeEni).spec;
}

async function pieceOfMakeDev(pattern: RegExp): Promise<string> {
  return given(pattern.exec(await readFile(join(REPO, 'dev/dev.ts'), 'utf8'))?.[1], 'dev/dev.ts');
}

/** Everything about these nodes and their instances that does not change from one run to the next. */
export async function describeNodes(cluster: Cluster, names: readonly string[]): Promise<unknown[]> {
  return await Promise.all(names.map((name) => describeNode(cluster, name)));
}

async function describeNode({ kubernetes, ec2: { client } }: Cluster, name: string): Promise<unknown> {
  const { metadata, spec, status } = await kubernetes.core.readNode({ name });
  const [zone, instanceId = ''] = (spec?.providerID ?? '').replace('aws:///', '').split('/');
  const { Reservations: found } = await client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const instance = given(found?.[0]?.Instances?.[0], 'DescribeInstances');
  const { SubnetId: subnetId = '', VpcId: vpcId = '', SecurityGroups: its = [] } = instance;
  const groupIds = its.map(({ GroupId: id = '' }) => id);
  const [{ Subnets: subnets }, { Vpcs: vpcs }, { SecurityGroups: groups }] = await Promise.all([
    client.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId] })),
    client.send(new DescribeVpcsCommand({ VpcIds: [vpcId] })),
    client.send(new DescribeSecurityGroupsCommand({ GroupIds: groupIds })),
  ]);
  const conditions = status?.conditions?.map(({ type, status: is, reason, message }) => [type, is, reason, message]);
  return {
    ...{ name, zone, conditions, labels: metadata?.labels, type: instance.InstanceType },
    subnets: subnets?.map(({ CidrBlock: cidr, AvailabilityZone: there, Tags: tags }) => [cidr, there, tags]),
    vpcs: vpcs?.map(({ CidrBlock: cidr }) => cidr),
    groups: groups?.map(({ GroupName: group }) => group),
  };
}
