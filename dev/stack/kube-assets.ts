import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { join } from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';

import { eventually } from './eventually.js';
import { connectOnce } from './ports.js';
import { ServerProcess } from './process.js';

/** How to start the pair of servers. */
export interface KubeAssetsOptions {
  /** The folder with the binaries `etcd` and `kube-apiserver`: what envtest calls KUBEBUILDER_ASSETS. */
  readonly assets: string;
  /** Data, keys, kubeconfig and logs; what an earlier start left there is used again. */
  readonly dir: string;
  readonly ports: { readonly api: number; readonly etcd: number; readonly peer: number };
  /** Further command-line arguments of kube-apiserver. */
  readonly apiServerArguments: readonly string[];
}

const READY_MS = 90_000;

/** etcd and kube-apiserver as two processes that live and die together. Without controllers: no namespace ever goes. */
export class KubeAssets {
  readonly #etcd: ServerProcess;
  readonly #apiServer: ServerProcess;

  private constructor(etcd: ServerProcess, apiServer: ServerProcess) {
    this.#etcd = etcd;
    this.#apiServer = apiServer;
  }

  /**
   * Starts both and writes `dir`/kubeconfig, for a cluster administrator.
   * @throws Error with the last output of the one that ended early or was not ready in time
   */
  static async start(options: KubeAssetsOptions): Promise<KubeAssets> {
    const { dir, ports } = options;
    const token = credentials(dir);
    const etcd = await ServerProcess.spawn({
      name: 'etcd',
      command: join(options.assets, 'etcd'),
      args: etcdArguments(dir, ports),
      logFile: join(dir, 'etcd.log'),
    });
    await etcd.whenReady(
      until('etcd listens', () => connectOnce(ports.etcd)),
      READY_MS,
    );
    try {
      const apiServer = await ServerProcess.spawn({
        name: 'kube-apiserver',
        command: join(options.assets, 'kube-apiserver'),
        args: [...apiServerArguments(dir, ports), ...options.apiServerArguments],
        logFile: join(dir, 'kubernetes.log'),
      });
      await apiServer.whenReady(
        until('kube-apiserver is ready', () => readyz(ports.api, token)),
        READY_MS,
      );
      writeKubeconfig(dir, ports.api, token);
      return new KubeAssets(etcd, apiServer);
    } catch (error) {
      await etcd.stop();
      throw error;
    }
  }

  /** Of kube-apiserver. */
  get pid(): number {
    return this.#apiServer.pid;
  }

  /** kube-apiserver first: it waits for etcd when it goes. */
  async stop(): Promise<void> {
    await this.#apiServer.stop();
    await this.#etcd.stop();
  }

  /** SIGKILL for both. */
  async kill9(): Promise<void> {
    await Promise.all([this.#apiServer.kill9(), this.#etcd.kill9()]);
  }
}

async function until(what: string, check: () => Promise<void>): Promise<void> {
  const attempt = async (): Promise<true> => {
    await check();
    return true;
  };
  await eventually(what, attempt, { timeoutMs: READY_MS });
}

/** Makes the administrator's token and the key that signs ServiceAccount tokens, once for a folder. */
function credentials(dir: string): string {
  const file = join(dir, 'tokens.csv');
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(dir, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(file, `${randomBytes(20).toString('hex')},admin,admin,"system:masters"\n`, { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').split(',')[0] ?? '';
}

function etcdArguments(dir: string, ports: KubeAssetsOptions['ports']): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  return [
    ...[`--data-dir=${join(dir, 'etcd')}`, `--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
    ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`],
    ...['--log-level=error', '--unsafe-no-fsync'],
  ];
}

function apiServerArguments(dir: string, ports: KubeAssetsOptions['ports']): string[] {
  return [
    ...[`--etcd-servers=http://127.0.0.1:${ports.etcd}`, `--secure-port=${ports.api}`],
    ...['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'],
    ...['--service-cluster-ip-range=10.0.0.0/24', '--authorization-mode=RBAC'],
    `--cert-dir=${join(dir, 'certificates')}`, // where it puts a certificate that it has signed itself
    `--token-auth-file=${join(dir, 'tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(dir, 'sa.key')}`,
    `--service-account-signing-key-file=${join(dir, 'sa.key')}`,
    // Without controllers, the first refuses every pod, and the second taints new nodes for ever.
    '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition',
    '--enable-priority-and-fairness=false',
    // Without these, stopping takes a minute as soon as one watch is open.
    ...['--shutdown-watch-termination-grace-period=1s', '--shutdown-send-retry-after=true'],
  ];
}

async function readyz(port: number, token: string): Promise<void> {
  const agent = new Agent({ rejectUnauthorized: false }); // its certificate is known only once it has started
  const headers = { authorization: `Bearer ${token}` };
  const status = await new Promise<number | undefined>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/readyz', agent, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
  if (status !== 200) throw new Error(`/readyz answers ${status ?? 'nothing'}`);
}

function writeKubeconfig(dir: string, port: number, token: string): void {
  const config = new KubeConfig();
  const server = `https://127.0.0.1:${port}`;
  config.loadFromOptions({
    clusters: [{ name: 'local', server, caFile: join(dir, 'certificates/apiserver.crt'), skipTLSVerify: false }],
    users: [{ name: 'admin', token }],
    contexts: [{ name: 'admin', cluster: 'local', user: 'admin' }],
    currentContext: 'admin',
  });
  writeFileSync(join(dir, 'kubeconfig'), config.exportConfig(), { mode: 0o600 });
}
