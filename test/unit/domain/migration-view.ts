import { type MigrationView, networkKey } from '../../../src/domain/migration/cluster-index.js';
import { GO_MANAGER, GO_TAGS, type GoNodeEni } from '../../../src/domain/migration/go-controller.js';
import { HANDED_OVER } from '../../../src/domain/migration/judge.js';
import type { EniFacts } from '../../../src/domain/observation.js';
import { TAG_KEYS } from '../../../src/domain/tags.js';
import { CLUSTER, eni, inSlot, nodeEni, node, NOW, observation } from '../../support/builders.js';

/** The label that the NodeENIs here select. */
export const LABELS = { net: 'yes' };

/** The tags of the Go controller's ENI of a pair. */
export function goTags(nodeEniName = 'storage', nodeName = 'node-1'): Record<string, string> {
  return {
    Name: `nodeeni-${nodeEniName}-${nodeName}-subnet-a`,
    [GO_TAGS.nodeEni]: nodeEniName,
    [GO_TAGS.node]: nodeName,
    SubnetID: 'subnet-a',
    [GO_TAGS.managedBy]: GO_MANAGER,
    'node.k8s.amazonaws.com/no_manage': 'true',
  };
}

/** The tags of an ENI that was handed over to this controller. */
export function ourTags(nodeEniName = 'storage', nodeName = 'node-1', cluster = CLUSTER): Record<string, string> {
  return {
    ...goTags(nodeEniName, nodeName),
    [TAG_KEYS.cluster]: cluster,
    [TAG_KEYS.nodeEni]: nodeEniName,
    [TAG_KEYS.nodeEniUid]: `uid-${nodeEniName}`,
    [TAG_KEYS.attachmentUid]: HANDED_OVER,
    [TAG_KEYS.node]: nodeName,
  };
}

/** An ENI as the Go controller leaves it, attached to node 1 at index 1. */
export function goEni(changes: Partial<EniFacts> = {}): EniFacts {
  return eni({
    tags: goTags(),
    description: 'ENI created by nodeeni-controller for node node-1',
    attachment: inSlot(),
    ...changes,
  });
}

type NodeEniChanges = Parameters<typeof nodeEni>[0];

/** A NodeENI of the Go controller: index 1, subnet-a, sg-1. */
export function goNodeEni(changes: NodeEniChanges = {}, more: Partial<GoNodeEni> = {}): GoNodeEni {
  const spec = { nodeSelector: LABELS, ...changes.spec };
  const made = nodeEni({ hasFinalizer: false, ...changes, spec });
  return { nodeEni: made, hasGoFinalizer: true, subnetName: null, entries: [], ...more };
}

/** Node 1 and its NodeENI with the Go controller's ENI. */
export function migrationView(changes: Partial<MigrationView> = {}): MigrationView {
  const nodeEnis = changes.nodeEnis ?? [goNodeEni()];
  const network = observation().network ?? { subnets: [], groups: [] };
  return {
    clusterName: CLUSTER,
    at: NOW,
    nodes: [node(1, { labels: LABELS })],
    attachments: [],
    enis: [goEni()],
    networks: new Map(nodeEnis.map(({ nodeEni: { name } }) => [networkKey(name, 'vpc-1'), network])),
    bySlot: false,
    ...changes,
    nodeEnis,
  };
}
