import type { Ec2 } from '../aws/ec2.js';
import { list } from '../cli/cluster/list.js';
import { calling, CliFailure } from '../cli/failure.js';
import type { Attachment } from '../domain/attachment.js';
import { type MigrationView, networkKey } from '../domain/migration/cluster-index.js';
import { GO_MANAGER, GO_TAGS, type GoNodeEni } from '../domain/migration/go-controller.js';
import { type ClusterNode, instanceIdsOf } from '../domain/node.js';
import type { EniFacts, NetworkFacts } from '../domain/observation.js';
import type { Kubernetes } from '../kubernetes/client.js';
import { describeError, isNotFound } from '../kubernetes/errors.js';
import { ATTACHMENTS_PATH, NODE_ENIS_PATH, NODES_PATH } from '../kubernetes/paths.js';
import { parseAttachment, parseNode } from '../kubernetes/schema.js';
import { parseGoNodeEni } from './go-node-enis.js';

/** What a migration reads from. */
export interface Sources {
  readonly kubernetes: Kubernetes;
  readonly ec2: Ec2;
  readonly clusterName: string;
}

/** Reads all that the plan depends on; changes nothing. @throws CliFailure */
export async function readView(sources: Sources, options: { at: number; bySlot: boolean }): Promise<MigrationView> {
  const { kubernetes, clusterName } = sources;
  const [nodes, nodeEnis, attachments] = await Promise.all([
    calling('list the Nodes', async () => list(kubernetes, NODES_PATH)),
    calling('list the NodeENIs', async () => list(kubernetes, NODE_ENIS_PATH)),
    calling('list the NodeENIAttachments', async () => readAttachments(kubernetes)),
  ]);
  const cluster = { nodes: nodes.map(parseNode), nodeEnis: nodeEnis.map(parseGoNodeEni), attachments };
  try {
    const enis = await readEnis(sources, cluster.nodeEnis);
    return { clusterName, ...options, ...cluster, enis, networks: await readNetworks(sources, cluster, enis) };
  } catch (error) {
    const hint = 'Check the Region, and whether you have the rights of deploy/iam/migration-policy.json.';
    throw new CliFailure(`cannot read the ENIs from EC2: ${describeError(error)}\n${hint}`, 1, error);
  }
}

/** None while only the Go controller's CRD is there. */
async function readAttachments(kubernetes: Kubernetes): Promise<Attachment[]> {
  try {
    return (await list(kubernetes, ATTACHMENTS_PATH)).map(parseAttachment);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function readEnis({ ec2 }: Sources, nodeEnis: readonly GoNodeEni[]): Promise<EniFacts[]> {
  const [made, ours] = await Promise.all([
    Array.fromAsync(ec2.enisWithTag(GO_TAGS.managedBy, GO_MANAGER)),
    Array.fromAsync(ec2.clusterEnis()),
  ]);
  const found = new Map([...made.flat(), ...ours.flat()].map((eni) => [eni.eniId, eni]));
  const named = new Set(nodeEnis.flatMap(({ entries }) => entries.map(({ eniId }) => eniId)));
  const others = await Promise.all([...named].filter((id) => !found.has(id)).map((id) => ec2.eni(id)));
  return [...found.values(), ...others.filter((eni) => eni !== null)];
}

/** What the NodeENIs name, in each VPC in which the cluster's nodes have one of the ENIs. */
async function readNetworks(
  { ec2 }: Sources,
  { nodes, nodeEnis }: { nodes: readonly ClusterNode[]; nodeEnis: readonly GoNodeEni[] },
  enis: readonly EniFacts[],
): Promise<Map<string, NetworkFacts>> {
  const instances = instanceIdsOf(nodes);
  const here = enis.filter(({ attachment }) => attachment !== null && instances.has(attachment.instanceId));
  const vpcIds = new Set(here.map(({ vpcId }) => vpcId));
  const reads = [...vpcIds].flatMap((vpcId) =>
    nodeEnis.map(async ({ nodeEni: { name, spec } }) => {
      const [subnets, groups] = await Promise.all([
        ec2.subnets({ ids: [], names: spec.subnetNames, vpcId }),
        ec2.securityGroups({ ids: spec.securityGroupIds, names: spec.securityGroupNames, vpcId }),
      ]);
      return [networkKey(name, vpcId), { subnets, groups }] as const;
    }),
  );
  return new Map(await Promise.all(reads));
}
