import { CoreV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';

/** The clients of one cluster. */
export interface Kubernetes {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly custom: CustomObjectsApi;
  /** UID of the kube-system namespace: the cluster's identity where no name is configured. */
  clusterUid(): Promise<string>;
}

/**
 * Makes the clients; nothing is called yet. Tokens that rotate on disk are read anew by the client.
 *
 * @param options - `kubeconfig`: path; undefined: the service account of the pod
 * @throws when the file cannot be read
 */
export function connectKubernetes(options: { kubeconfig?: string | undefined }): Kubernetes {
  const config = new KubeConfig();
  if (options.kubeconfig === undefined) config.loadFromCluster();
  else config.loadFromFile(options.kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const custom = config.makeApiClient(CustomObjectsApi);
  return { config, core, custom, clusterUid: () => clusterUid(core) };
}

async function clusterUid(core: CoreV1Api): Promise<string> {
  const { metadata } = await core.readNamespace({ name: 'kube-system' });
  if (metadata?.uid === undefined) throw new Error('namespace kube-system has no uid');
  return metadata.uid;
}
