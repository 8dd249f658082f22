import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { Cluster } from '@kubernetes/client-node';

import type { Stack } from '../../../dev/stack/stack.js';

/** The API server, as the administrator's kubeconfig has it. */
export function clusterOf({ kubernetes }: Stack): Cluster {
  const cluster = kubernetes.config.getCurrentCluster();
  assert.ok(cluster, 'the kubeconfig names a cluster');
  return cluster;
}

/** The certificate of the authority that the API server's own is signed by, in PEM. */
export function authorityOf(stack: Stack): string {
  const { caData, caFile = '' } = clusterOf(stack);
  return caData === undefined ? readFileSync(caFile, 'utf8') : Buffer.from(caData, 'base64').toString();
}
