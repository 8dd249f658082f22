import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { KubernetesApi } from './kubernetes.js';
import { TcpProxy } from './tcp-proxy.js';

/** A way to an API server that can be cut. */
export interface ApiProxy {
  readonly proxy: TcpProxy;
  /** Path of a kubeconfig that goes through it, with the rights of the server's own. */
  readonly kubeconfig: string;
}

/** Puts a proxy before an API server. The kubeconfig goes into `dir`. */
export async function proxyBefore(api: Pick<KubernetesApi, 'url' | 'kubeconfig'>, dir: string): Promise<ApiProxy> {
  const { port } = new URL(api.url);
  const proxy = await TcpProxy.start(Number(port));
  const kubeconfig = join(dir, `proxy-${proxy.port}.kubeconfig`);
  const direct = readFileSync(api.kubeconfig, 'utf8');
  writeFileSync(kubeconfig, direct.replace(`:${port}`, `:${proxy.port}`), { mode: 0o600 });
  return { proxy, kubeconfig };
}
