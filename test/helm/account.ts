import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';

import { AuthenticationV1Api, KubeConfig } from '@kubernetes/client-node';

import type { KubernetesApi } from '../../dev/stack/kubernetes.js';

/** What a Pod of a ServiceAccount can do, and nothing more: it has a token of that account alone. */
export class Account {
  private constructor(
    /** Path of a kubeconfig with the token. */
    readonly kubeconfig: string,
    private readonly server: URL,
    private readonly ca: string,
    private readonly token: string,
  ) {}

  /** Asks the API server for a token of the account, as a kubelet does, and writes a kubeconfig with it. */
  static async of(kubernetes: KubernetesApi, namespace: string, name: string, file: string): Promise<Account> {
    const body = { spec: { audiences: [], expirationSeconds: 3600 } };
    const { status } = await kubernetes.core.createNamespacedServiceAccountToken({ namespace, name, body });
    const cluster = kubernetes.config.getCurrentCluster();
    const token = status?.token;
    if (token === undefined || cluster?.caData === undefined) throw new Error('no token, or no authority');
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ ...cluster, name: 'cluster' }, { name, token });
    await writeFile(file, config.exportConfig(), { mode: 0o600 });
    return new Account(file, new URL(cluster.server), Buffer.from(cluster.caData, 'base64').toString(), token);
  }

  /** Who the API server says that it is. */
  async userName(): Promise<string | undefined> {
    const config = new KubeConfig();
    config.loadFromFile(this.kubeconfig);
    const { status } = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
    return status?.userInfo?.username;
  }

  /** Sends a request, with an empty object where one belongs. @returns the HTTP status and the API server's message */
  async send(method: string, path: string): Promise<{ readonly code: number; readonly message: string }> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': type };
    const body = await new Promise<string>((resolve, reject) => {
      const call = request(new URL(path, this.server), { method, headers, ca: this.ca }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve(text);
        });
      });
      call.on('error', reject);
      call.end(method === 'POST' || method === 'PATCH' ? '{}' : undefined);
    });
    const { code = 200, message = '' } = JSON.parse(body) as { code?: number; message?: string };
    return { code, message };
  }
}
