import { ApiException, PatchStrategy, setHeaderOptions, type V1Node } from '@kubernetes/client-node';

import type { Stack } from '../stack/stack.js';
import { labelsOf, type WantedNode } from './wanted.js';

type Cluster = Pick<Stack, 'kubernetes'>;

/** Sets annotations of a Node; null as a value takes the annotation away. */
export async function setNodeAnnotation(
  { kubernetes }: Cluster,
  name: string,
  annotations: Readonly<Record<string, string | null>>,
): Promise<void> {
  const options = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  await kubernetes.core.patchNode({ name, body: { metadata: { annotations } } }, options);
}

/** Deletes a Node object and makes it again for the same instance, as when its kubelet registers anew. */
export async function remakeNode({ kubernetes }: Cluster, { name, instanceId, labels }: WantedNode): Promise<void> {
  const body: V1Node = {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labelsOf(labels) } },
    spec: { providerID: `aws:///us-east-1a/${instanceId}` },
  };
  await kubernetes.core.deleteNode({ name }).catch((error: unknown) => {
    if (!(error instanceof ApiException && error.code === 404)) throw error;
  });
  await kubernetes.core.createNode({ body });
}
