import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';

import {
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  loadYaml,
  makeAbsolutePath,
  type KubeConfig,
} from '@kubernetes/client-node';
import { z } from 'zod';

import { ClusterConfig } from './cluster-config.js';
import { type LeaseStore, leaseStore } from './leases.js';

/** The clients of one cluster. */
export interface Kubernetes {
  readonly kubeConfig: KubeConfig;
  readonly core: CoreV1Api;
  readonly custom: CustomObjectsApi;
  /** The namespace of the Pod that this is; undefined: it is none, or was given a kubeconfig. */
  readonly podNamespace: string | undefined;
  /** The Lease of a name; nothing is called yet. */
  lease(namespace: string, name: string): LeaseStore;
  /** The UID of the namespace kube-system, which stands for the cluster. */
  clusterUid(): Promise<string>;
}

/** client-node ignores `tokenFile`, the standard name, so it is read here. */
const TOKEN_FILES = z.object({
  users: z
    .array(z.object({ name: z.string(), user: z.object({ tokenFile: z.string().optional() }).nullish() }))
    .catch([]),
});

/** Where a cluster is, and who we are there. */
export interface ConnectOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * Makes the clients; nothing is called yet.
 *
 * @param options.kubeconfig - path of a kubeconfig, or several as kubectl has them in KUBECONFIG; undefined: the Pod's own
 * service account
 * @param options.context - a context of the kubeconfig; undefined: its current one
 * @throws Error when the kubeconfig cannot be read or has no such context, or this is no Pod
 */
export function connectKubernetes(options: ConnectOptions = {}): Kubernetes {
  const kubeConfig = options.kubeconfig === undefined ? inCluster() : fromFiles(options.kubeconfig, options.context);
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const { namespace } = kubeConfig.getContextObject(kubeConfig.getCurrentContext()) ?? {};
  return {
    kubeConfig,
    core,
    custom: kubeConfig.makeApiClient(CustomObjectsApi),
    podNamespace: options.kubeconfig === undefined ? namespace : undefined,
    lease: (inNamespace, name) => leaseStore(kubeConfig.makeApiClient(CoordinationV1Api), inNamespace, name),
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

/** As kubectl: of several files those that exist count, and the first one to set something wins. */
function fromFiles(list: string, context: string | undefined): KubeConfig {
  const paths = list.split(delimiter).filter((path) => path !== '');
  const [first, ...others] = (paths.length > 1 ? paths.filter((path) => existsSync(path)) : paths).map(fromFile);
  if (first === undefined) throw new Error(`${list}: there is no such kubeconfig`);
  for (const { clusters, users, contexts } of others) {
    first.clusters = withNew(first.clusters, clusters);
    first.users = withNew(first.users, users);
    first.contexts = withNew(first.contexts, contexts);
  }
  const current = context ?? [first, ...others].map(currentContext).find((name) => name !== '') ?? '';
  first.setCurrentContext(current);
  if (current !== '' && first.getContextObject(current) === null)
    throw new Error(`${list} has no context "${current}"`);
  if (first.getCurrentCluster() === null) throw new Error(`${list} names no current cluster`);
  return first;
}

/** Empty for a file that sets none, whatever client-node makes of it. */
function currentContext(kubeConfig: KubeConfig): string {
  const name: unknown = kubeConfig.getCurrentContext();
  return typeof name === 'string' ? name : '';
}

function withNew<T extends { readonly name: string }>(known: readonly T[], more: readonly T[]): T[] {
  return [...known, ...more.filter(({ name }) => !known.some((one) => one.name === name))];
}

function fromFile(file: string): KubeConfig {
  const kubeConfig = new ClusterConfig();
  kubeConfig.loadFromFile(file);
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
