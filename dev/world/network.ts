import { proxyBefore } from '../stack/api-proxy.js';
import type { Stack } from '../stack/stack.js';
import { TcpProxy } from '../stack/tcp-proxy.js';

/** The network between the controller and its servers, which can be cut. */
export class Network {
  private constructor(
    readonly kubernetes: TcpProxy,
    readonly temporal: TcpProxy,
    /** The environment in which the controller goes through it. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Puts a proxy before Kubernetes and one before Temporal. */
  static async start({ kubernetes, temporal, dir }: Stack): Promise<Network> {
    const [toKubernetes, toTemporal] = await Promise.all([
      proxyBefore(kubernetes, dir),
      TcpProxy.start(Number(temporal.address.split(':')[1])),
    ]);
    const env = { KUBECONFIG: toKubernetes.kubeconfig, TEMPORAL_ADDRESS: `127.0.0.1:${toTemporal.port}` };
    return new Network(toKubernetes.proxy, toTemporal, env);
  }

  /** Nothing is refused any more; connections that were swallowed stay dead. */
  heal(): void {
    this.kubernetes.refuse(false);
    this.temporal.refuse(false);
  }

  async stop(): Promise<void> {
    await Promise.all([this.kubernetes.stop(), this.temporal.stop()]);
  }
}
