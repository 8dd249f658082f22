import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Connection } from '@temporalio/client';

import { ensureSearchAttributes } from '../../src/worker/search-attributes.js';
import { TEMPORAL } from '../bootstrap/paths.js';
import { eventually } from './eventually.js';
import { connectOnce, freePorts } from './ports.js';
import { ServerProcess } from './process.js';

/** How to start a {@link TemporalServer}. */
export interface TemporalOptions {
  /** Its folder, which exists: database and log. */
  readonly dir: string;
  /** Default `multi-eni`. */
  readonly namespace?: string;
  /** Dynamic configuration on top of ours: a key, and its value as JSON. Default: none. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  /** Search attributes to register instead of the controller's, by name and type. Default: the controller's. */
  readonly searchAttributes?: Readonly<Record<string, 'Keyword'>>;
}

interface Ports {
  readonly grpc: number;
  readonly ui: number;
  readonly http: number;
  readonly metrics: number;
}

const READY_MS = 60_000;

/** The Temporal development server with its Web UI, on 127.0.0.1, with a database file. */
export class TemporalServer {
  /** `host:port` for clients and workers. */
  readonly address: string;
  readonly uiUrl: string;
  /** Prometheus metrics of the server. */
  readonly metricsUrl: string;
  readonly namespace: string;
  readonly #dir: string;
  readonly #ports: Ports;
  readonly #options: TemporalOptions;
  #process: ServerProcess | undefined;

  private constructor(options: TemporalOptions, namespace: string, ports: Ports) {
    this.address = `127.0.0.1:${ports.grpc}`;
    this.uiUrl = `http://127.0.0.1:${ports.ui}`;
    this.metricsUrl = `http://127.0.0.1:${ports.metrics}/metrics`;
    this.namespace = namespace;
    this.#options = options;
    this.#dir = options.dir;
    this.#ports = ports;
  }

  /**
   * Resolves when the namespace answers and its search attributes are registered.
   * @throws Error with the server's last output when it ends early or is not ready within a minute
   */
  static async start(options: TemporalOptions): Promise<TemporalServer> {
    const [grpc = 0, ui = 0, http = 0, metrics = 0] = await freePorts(4);
    const server = new TemporalServer(options, options.namespace ?? 'multi-eni', { grpc, ui, http, metrics });
    await server.#launch();
    return server;
  }

  /** Of the server that runs, or ran last. */
  get pid(): number {
    return this.#running().pid;
  }

  /** SIGKILL, as if the machine had taken it. Resolves when it is gone. */
  async kill9(): Promise<void> {
    await this.#running().kill9();
  }

  /** Stops it when it runs, and starts it on the same ports with the same database. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#launch();
  }

  /** Loses everything: stops it, deletes its database, starts it on the same ports with an empty namespace. */
  async wipe(): Promise<void> {
    await this.#process?.kill9();
    for (const suffix of ['', '-wal', '-shm']) await rm(`${this.#database}${suffix}`, { force: true });
    await this.#launch();
  }

  /** Stops it; harmless when it does not run. Database and log stay. */
  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  get #database(): string {
    return join(this.#dir, 'temporal.db');
  }

  #running(): ServerProcess {
    if (this.#process === undefined) throw new Error('the Temporal server was never started');
    return this.#process;
  }

  async #launch(): Promise<void> {
    this.#process = await ServerProcess.spawn({
      name: 'the Temporal server',
      command: TEMPORAL,
      args: serverArguments(this.#ports, this.#database, this.namespace, this.#options),
      env: { TEMPORAL_VERSION_CHECK_DISABLED: '1' }, // else it looks up a name on the internet
      logFile: join(this.#dir, 'temporal.log'),
    });
    await this.#process.whenReady(this.#bootstrap(this.#process), READY_MS);
  }

  async #bootstrap(process: ServerProcess): Promise<void> {
    await eventually(
      `the Temporal server answers on ${this.address}`,
      async () => {
        if (!process.isRunning) return 'ended'; // whenReady tells
        // gRPC waits a whole second between its tries, so it gets its first when there is somebody to answer.
        await connectOnce(this.#ports.grpc);
        await this.#registerWhatWeNeed();
        return 'ready';
      },
      { timeoutMs: READY_MS, intervalMs: 20 },
    );
  }

  async #registerWhatWeNeed(): Promise<void> {
    const connection = await Connection.connect({ address: this.address, connectTimeout: '5s' });
    try {
      await connection.workflowService.describeNamespace({ namespace: this.namespace });
      if (this.#options.searchAttributes !== undefined) return; // the server registers those at its start
      if (!(await ensureSearchAttributes(connection, this.namespace))) throw new Error('search attributes are missing');
    } finally {
      await connection.close();
    }
  }
}

function serverArguments(
  ports: Ports,
  database: string,
  namespace: string,
  { dynamicConfig: wanted = {}, searchAttributes = {} }: TemporalOptions,
): string[] {
  const dynamicConfig = {
    'frontend.enableServerVersionCheck': 'false',
    // One history shard polls its queues 20 times a second by default: each step of a busy server waits up to 50 ms.
    'history.transferProcessorMaxPollRPS': '2000',
    'history.timerProcessorMaxPollRPS': '2000',
    'history.visibilityProcessorMaxPollRPS': '2000',
    // By default every timer and retry under a second takes about a second.
    'history.timerProcessorMaxTimeShift': '"1ms"',
    ...wanted,
  };
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--namespace', namespace, '--log-level', 'warn'],
    ...['--port', String(ports.grpc), '--ui-port', String(ports.ui)],
    ...['--http-port', String(ports.http), '--metrics-port', String(ports.metrics)],
    // With SQLite's own defaults it is eight times slower.
    ...['--db-filename', database, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    '--ui-disable-news-fetch',
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
  ];
}
