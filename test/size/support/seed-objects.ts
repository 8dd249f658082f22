import { eventually } from '../../../dev/stack/eventually.js';
import type { Attachment } from '../../../src/domain/attachment.js';
import { GROUP, NODE_ENI_FINALIZER, pairWorkflowId } from '../../../src/domain/names.js';
import { desiredPairs, type DesiredPair } from '../../../src/domain/pairing/desired.js';
import { attachmentManifest, statusToWire } from '../../../src/kubernetes/manifest.js';
import { ATTACHMENTS_PATH, NODE_ENIS_PATH, NODES_PATH } from '../../../src/kubernetes/paths.js';
import { parseAttachment, parseNode, parseNodeEni } from '../../../src/kubernetes/schema.js';
import type { RawApi } from './raw-api.js';

/** The NodeENI over all nodes. */
export const NAME = 'big';

/** The cluster in the ids of the workflows. */
export const CLUSTER = 'size';

const ZONE = 'us-east-1a';
const CRD = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/nodeeniattachments.${GROUP}`;

/** Long names, as clouds give them. */
function nodeName(index: number): string {
  return `ip-10-${index >> 8}-${index & 255}-1.us-east-1.compute.internal`;
}

/**
 * Makes a NodeENI, nodes that it selects, and the Attachment of each pair as its workflow would leave it: attached.
 * No instance and no ENI stands behind them.
 */
export async function seedObjects(api: RawApi, count: number): Promise<Attachment[]> {
  const nodeEni = parseNodeEni(await api.write({ method: 'POST', path: NODE_ENIS_PATH, body: nodeEniManifest() }));
  const indexes = Array.from({ length: count }, (_, index) => index);
  const nodes = await api.writeAll(
    indexes.map((index) => ({ method: 'POST', path: NODES_PATH, body: nodeManifest(index) })),
  );
  const { pairs } = desiredPairs(nodes.map(parseNode), [nodeEni]);
  const bodies = pairs.map((pair, index) => ({ ...attachmentManifest(pair.spec), status: statusOf(pair, index) }));
  return (await createWithStatus(api, bodies)).map(parseAttachment);
}

function nodeEniManifest(): object {
  return {
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'NodeENI',
    metadata: { name: NAME, finalizers: [NODE_ENI_FINALIZER] },
    spec: {
      nodeSelector: { size: NAME },
      subnetID: 'subnet-0123456789abcdef0',
      securityGroupIDs: ['sg-0123456789abcdef0'],
      tags: { team: 'network', purpose: 'a NodeENI over many nodes' },
    },
  };
}

function nodeManifest(index: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: nodeName(index), labels: { size: NAME, 'topology.kubernetes.io/zone': ZONE } },
    spec: { providerID: `aws:///${ZONE}/i-${hex(index)}` },
  };
}

function statusOf({ node, nodeEni, spec }: DesiredPair, index: number): object {
  const at = '2026-01-01T00:00:00Z';
  const ready = { type: 'Ready', status: 'True', reason: 'Attached', message: '', observedGeneration: 1 };
  const status = statusToWire({
    phase: 'Attached',
    eniId: `eni-${hex(index)}`,
    attachmentId: `eni-attach-${hex(index)}`,
    macAddress: '02:00:00:00:00:01',
    privateIp: `10.0.${index >> 8}.${index & 255}`,
    subnetId: spec.subnetIds[0],
    zone: ZONE,
    securityGroupIds: spec.securityGroupIds,
    workflowId: pairWorkflowId(CLUSTER, nodeEni.name, node.name),
    createOrdinal: 1,
    observedGeneration: 1,
    lastUpdated: at,
    attachedAt: at,
  });
  return { ...status, conditions: [{ ...ready, lastTransitionTime: at }] };
}

function hex(index: number): string {
  return index.toString(16).padStart(17, '0');
}

/**
 * Lets a create carry a status, which saves the dearest of the writes. As in a cluster restored from a backup, the
 * objects are all there before the controller starts.
 */
async function createWithStatus(api: RawApi, bodies: readonly object[]): Promise<unknown[]> {
  const [probe = {}] = bodies;
  const { spec } = JSON.parse(await api.get(CRD)) as { spec: { versions: { subresources?: object }[] } };
  const without = spec.versions.map(({ subresources: _, ...version }) => version);
  await api.write({ method: 'PATCH', path: CRD, body: { spec: { versions: without } } });
  await untilCreateTakesStatus(api, probe, true);
  const made = await api.writeAll(bodies.map((body) => ({ method: 'POST', path: ATTACHMENTS_PATH, body })));
  await api.write({ method: 'PATCH', path: CRD, body: { spec: { versions: spec.versions } } });
  await untilCreateTakesStatus(api, { ...probe, metadata: { name: 'probe.0.1' } }, false);
  return made;
}

async function untilCreateTakesStatus(api: RawApi, body: object, takes: boolean): Promise<void> {
  const path = `${ATTACHMENTS_PATH}?dryRun=All`;
  await eventually(`a create ${takes ? 'takes' : 'drops'} the status`, async () => {
    const { status } = (await api.write({ method: 'POST', path, body })) as { status?: object };
    return (status !== undefined) === takes;
  });
}
