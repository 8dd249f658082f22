import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { CoreV1Api, CustomObjectsApi, loadYaml, makeAbsolutePath, type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';

import { ClusterConfig } from './cluster-config.js';

/** The clients of one cluster. */
export interface Kubernetes {
  readonly kubeConfig: KubeConfig;
  readonly core: CoreV1Api;
  readonly custom: CustomObjectsApi;
  /** The UID of the namespace kube-system, which stands for the cluster. */
  clusterUid(): Promise<string>;
}

/** client-node ignores `tokenFile`, the standard name, so it is read here. */
const TOKEN_FILES = z.object({
  users: z
    .array(z.object({ name: z.string(), user: z.object({ tokenFile: z.string().optional() }).nullish() }))
    .catch([]),
});

/**
 * Makes the clients; nothing is called yet.
 *
 * @param options.kubeconfig - path of a kubeconfig; undefined: the Pod's own service account
 * @throws Error when the kubeconfig cannot be read, or this is no Pod
 */
export function connectKubernetes(options: { readonly kubeconfig?: string | undefined } = {}): Kubernetes {
  const kubeConfig = options.kubeconfig === undefined ? inCluster() : fromFile(options.kubeconfig);
  const core = kubeConfig.makeApiClient(CoreV1Api);
  return {
    kubeConfig,
    core,
    custom: kubeConfig.makeApiClient(CustomObjectsApi),
    async clusterUid(): Promise<string> {
      const { metadata } = await core.readNamespace({ name: 'kube-system' });
      if (metadata?.uid === undefined) throw new Error('the namespace kube-system has no UID');
      return metadata.uid;
    },
  };
}

function inCluster(): KubeConfig {
  const kubeConfig = new ClusterConfig();
  kubeConfig.loadFromCluster();
  const server = kubeConfig.getCurrentCluster()?.server ?? '';
  if (server === '' || server.includes('undefined')) {
    throw new Error('not in a Pod (no KUBERNETES_SERVICE_HOST): set KUBECONFIG to the path of a kubeconfig');
  }
  return kubeConfig;
}

function fromFile(file: string): KubeConfig {
  const kubeConfig = new ClusterConfig();
  kubeConfig.loadFromFile(file);
  if (kubeConfig.getCurrentCluster() === null) throw new Error(`${file} names no current cluster`);
  const { users } = TOKEN_FILES.parse(loadYaml(readFileSync(file, 'utf8')));
  const tokenFiles = new Map(users.map(({ name, user }) => [name, user?.tokenFile]));
  kubeConfig.users = kubeConfig.users.map((user) => {
    const tokenFile = tokenFiles.get(user.name);
    if (tokenFile === undefined) return user;
    return { name: user.name, authProvider: tokenFileProvider(makeAbsolutePath(dirname(file), tokenFile)) };
  });
  return kubeConfig;
}

function tokenFileProvider(tokenFile: string): { name: string; config: { tokenFile: string } } {
  return { name: 'tokenFile', config: { tokenFile } };
}
