import { setTimeout as sleep } from 'node:timers/promises';

import {
  AppsV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Deployment,
} from '@kubernetes/client-node';

const LOOK_MS = 300;
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/**
 * Says of every Deployment that its pods are there: our API server has no controller of Deployments, and no nodes that
 * run pods, but people wait for a roll-out.
 *
 * @returns stops it
 */
export function playDeployments(config: KubeConfig): () => Promise<void> {
  const abort = new AbortController();
  const api = config.makeApiClient(AppsV1Api);
  const playing = (async () => {
    while (!abort.signal.aborted) {
      await rollOut(api).catch(() => undefined); // deleted meanwhile, or written by another
      await sleep(LOOK_MS, undefined, { signal: abort.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    abort.abort();
    await playing;
  };
}

async function rollOut(api: AppsV1Api): Promise<void> {
  const { items } = await api.listDeploymentForAllNamespaces();
  for (const { metadata, spec } of items.filter(isBehind)) {
    const { name = '', namespace = '', generation } = metadata ?? {};
    const all = spec?.replicas ?? 1;
    const counts = { replicas: all, updatedReplicas: all, readyReplicas: all, availableReplicas: all };
    const body = { status: { observedGeneration: generation, ...counts } };
    await api.patchNamespacedDeploymentStatus({ name, namespace, body }, MERGE);
  }
}

function isBehind({ metadata, status }: V1Deployment): boolean {
  return status?.observedGeneration !== metadata?.generation;
}
