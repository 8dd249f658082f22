import { join } from 'node:path';

import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

import { controlPlaneBinary, CRD_DIR } from '../bootstrap/paths.js';
import { installCrds } from './crds.js';
import { KubeAssets } from './kube-assets.js';
import { freePorts } from './ports.js';
import { ServerProcess } from './process.js';

/** How to start a {@link KubernetesApi}. */
export interface KubernetesOptions {
  /** Its folder, which exists: data, kubeconfig and log. */
  readonly dir: string;
  /** Further command-line arguments of kube-apiserver. Default none. */
  readonly apiServerArguments?: readonly string[];
}

interface Server {
  readonly pid: number;
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

const READY_MS = 90_000; // 2 s on an idle machine, 7 s seen on a busy one

/** A Kubernetes API with our CustomResourceDefinitions: one that we run on 127.0.0.1, or one that is there. */
export class KubernetesApi {
  /** Path of a kubeconfig with the rights of a cluster administrator. */
  readonly kubeconfig: string;
  readonly url: string;
  /** The same as an object, for clients of our own. */
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  #server: Server | undefined;
  readonly #launch: (() => Promise<Server>) | undefined;

  private constructor(kubeconfig: string, launch?: () => Promise<Server>) {
    this.kubeconfig = kubeconfig;
    this.config = new KubeConfig();
    this.config.loadFromFile(kubeconfig);
    this.url = this.config.getCurrentCluster()?.server ?? '';
    this.core = this.config.makeApiClient(CoreV1Api);
    this.#launch = launch;
  }

  /**
   * Resolves when the API is ready and our CustomResourceDefinitions are served.
   *
   * With KUBECONFIG and `MULTI_ENI_USE_KUBECONFIG=1` in the environment, that cluster is used and nothing is started.
   * With KUBEBUILDER_ASSETS, etcd and kube-apiserver of that folder are run instead of our own build.
   *
   * @throws Error with the server's last output when it ends early or is not ready in time
   */
  static async start(options: KubernetesOptions): Promise<KubernetesApi> {
    const kubernetes = process.env['MULTI_ENI_USE_KUBECONFIG'] === '1' ? existing() : await KubernetesApi.#own(options);
    try {
      await installCrds(kubernetes.config, CRD_DIR);
    } catch (error) {
      await kubernetes.stop();
      throw error;
    }
    return kubernetes;

    function existing(): KubernetesApi {
      const kubeconfig = process.env['KUBECONFIG'];
      if (kubeconfig === undefined) throw new Error('MULTI_ENI_USE_KUBECONFIG=1 needs KUBECONFIG to name the file');
      return new KubernetesApi(kubeconfig);
    }
  }

  static async #own(options: KubernetesOptions): Promise<KubernetesApi> {
    const launch = await launcherOf(options);
    const server = await launch();
    const kubernetes = new KubernetesApi(join(options.dir, 'kubeconfig'), launch);
    kubernetes.#server = server;
    return kubernetes;
  }

  /** Of the server that runs, or ran last. @throws Error when the cluster is not ours */
  get pid(): number {
    return this.#ours().pid;
  }

  /** SIGKILL, as if the machine had taken it. Resolves when it is gone. @throws Error when the cluster is not ours */
  async kill9(): Promise<void> {
    await this.#ours().kill9();
  }

  /** Stops it when it runs, starts it on the same port with the same objects. @throws Error when it is not ours */
  async restart(): Promise<void> {
    await this.#ours().stop();
    this.#server = await this.#launch?.();
  }

  /** Stops it; harmless when it does not run or is not ours. The objects stay in its folder. */
  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  #ours(): Server {
    if (this.#server === undefined) {
      throw new Error(`${this.url} was there before us (MULTI_ENI_USE_KUBECONFIG=1): it cannot be killed or restarted`);
    }
    return this.#server;
  }
}

/** Fixes the ports, so that each start has the same. */
async function launcherOf(options: KubernetesOptions): Promise<() => Promise<Server>> {
  const [api = 0, etcd = 0, peer = 0] = await freePorts(3);
  const { dir, apiServerArguments = [] } = options;
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets === undefined || assets === '') return () => launchControlPlane(dir, api, apiServerArguments);
  return () => KubeAssets.start({ assets, dir, ports: { api, etcd, peer }, apiServerArguments });
}

async function launchControlPlane(dir: string, port: number, apiServerArguments: readonly string[]): Promise<Server> {
  const server = await ServerProcess.spawn({
    name: 'the Kubernetes API server',
    command: controlPlaneBinary(),
    args: [
      ...['--dir', dir, '--port', String(port), '--controllers', '--exit-on-stdin-eof'],
      ...['--', ...apiServerArguments],
    ],
    // A SIGKILL leaves its sockets behind: better here than in /tmp. The path of a socket has 107 bytes at most.
    env: dir.length < 60 ? { TMPDIR: dir } : {},
    logFile: join(dir, 'kubernetes.log'),
  });
  const ready = server.output.firstMatch((line) => (line.startsWith('READY ') ? line : undefined));
  await server.whenReady(ready, READY_MS);
  return server;
}
