import { GROUP, VERSION } from '../../domain/names.js';
import type { NodeEni } from '../../domain/node-eni.js';
import type { Kubernetes } from '../../kubernetes/client.js';
import { parseMetadata } from '../../kubernetes/metadata.js';
import { CustomObjects } from '../../kubernetes/objects.js';
import { parseNodeEni } from '../../kubernetes/schema.js';
import { calling } from '../failure.js';
import type { Manifest } from './manifests.js';

/** As kubectl: nothing is stored, and a field that the schema does not have is an error. */
const DRY = {
  group: GROUP,
  version: VERSION,
  plural: 'nodeenis',
  dryRun: 'All',
  fieldValidation: 'Strict',
  fieldManager: 'kubectl-multi_eni',
} as const;

/**
 * The NodeENI as it would be after `kubectl apply`, by the API server's own validation and defaults. The spec is that of
 * the file; what others have added to metadata stays.
 *
 * @throws CliFailure when the API server refuses it, with its message
 */
export async function dryRun({ custom }: Kubernetes, { name, body }: Manifest): Promise<NodeEni> {
  const live = await calling(`read NodeENI ${name}`, async () => new CustomObjects(custom, 'nodeenis').get(name));
  const applied = await calling(`apply NodeENI ${name}`, async () => {
    if (live === null) return custom.createClusterCustomObject({ ...DRY, body }) as Promise<unknown>;
    return custom.replaceClusterCustomObject({ ...DRY, name, body: onto(live, body) }) as Promise<unknown>;
  });
  const nodeEni = parseNodeEni(applied);
  // The finalizer comes before the first ENI, in a pass of its own: for a plan it is there.
  return { ...nodeEni, hasFinalizer: true };
}

function onto(live: unknown, body: Readonly<Record<string, unknown>>): object {
  const { uid, resourceVersion, labels, annotations, finalizers } = parseMetadata(live);
  const given = mapsOf(body['metadata']);
  return {
    ...body,
    metadata: {
      ...given.metadata,
      uid,
      resourceVersion,
      finalizers,
      labels: { ...labels, ...given.labels },
      annotations: { ...annotations, ...given.annotations },
    },
  };
}

function mapsOf(metadata: unknown): Record<'metadata' | 'labels' | 'annotations', object> {
  const given = objectOf(metadata);
  return { metadata: given, labels: objectOf(given['labels']), annotations: objectOf(given['annotations']) };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
