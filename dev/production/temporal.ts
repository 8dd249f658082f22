import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { TEMPORAL } from '../bootstrap/paths.js';
import { connectOnce, freePorts } from '../stack/ports.js';
import { eventually } from '../stack/eventually.js';
import { ServerProcess } from '../stack/process.js';
import { bring } from './bring.js';
import { composeService } from './compose.js';
import type { Postgres } from './postgres.js';

/** The folder with the programs of Temporal's images: what dev/temporal-server builds. */
interface Programs {
  readonly dir: string;
  readonly path: string;
}

const READY_MS = 60_000;
const LAST_LINES = 20;
/** Where the server listens besides its frontend; each has a default that somebody else may have taken. */
const FURTHER_PORTS = [
  ...['FRONTEND_HTTP_PORT', 'FRONTEND_MEMBERSHIP_PORT', 'MATCHING_GRPC_PORT', 'MATCHING_MEMBERSHIP_PORT'],
  ...['HISTORY_GRPC_PORT', 'HISTORY_MEMBERSHIP_PORT', 'WORKER_GRPC_PORT', 'WORKER_MEMBERSHIP_PORT'],
];
const execute = promisify(execFile);

/**
 * The services `temporal-schema`, `temporal` and `temporal-namespace` of docker-compose.yml, run as they stand there:
 * their programs, their scripts, their environment; only host names and ports are those of this machine.
 */
export class ProductionTemporal {
  private constructor(
    readonly address: string,
    readonly namespace: string,
    private readonly server: ServerProcess,
  ) {}

  /**
   * Resolves when the server answers and its namespace is set up.
   * Builds the server where that has not been done, which takes some five minutes.
   *
   * @param dir - for its log; it exists
   * @throws Error with what was printed when a script or the server fails
   */
  static async start(dir: string, postgres: Postgres): Promise<ProductionTemporal> {
    const programs = await bringPrograms();
    await setUpSchema(programs, postgres);
    const { address, server } = await startServer(dir, programs, postgres);
    try {
      const namespace = await setUpNamespace(programs, address);
      return new ProductionTemporal(address, namespace, server);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Runs both one-shot services once more, as each `docker compose up` does. @returns what they printed */
  static async setUpAgain(temporal: ProductionTemporal, postgres: Postgres): Promise<string> {
    const programs = await bringPrograms();
    const schema = await setUpSchema(programs, postgres);
    return schema + (await runOneShot('temporal-namespace', programs, { TEMPORAL_ADDRESS: temporal.address }));
  }

  /** Stops it; what it knows stays in PostgreSQL. */
  async stop(): Promise<void> {
    await this.server.stop();
  }
}

async function bringPrograms(): Promise<Programs> {
  const dir = await bring('dev/temporal-server/bring.sh');
  return { dir, path: [dir, join(TEMPORAL, '..'), '/usr/bin', '/bin'].join(':') };
}

async function setUpSchema(programs: Programs, postgres: Postgres): Promise<string> {
  return await runOneShot('temporal-schema', programs, {
    POSTGRES_HOST: '127.0.0.1',
    POSTGRES_PORT: String(postgres.port),
    TEMPORAL_SCHEMA_DIR: join(programs.dir, 'schema'),
  });
}

async function setUpNamespace(programs: Programs, address: string): Promise<string> {
  await runOneShot('temporal-namespace', programs, { TEMPORAL_ADDRESS: address });
  const { environment } = await composeService('temporal-namespace');
  return environment['TEMPORAL_NAMESPACE'] ?? '';
}

async function runOneShot(service: string, { path }: Programs, here: Record<string, string>): Promise<string> {
  const { entrypoint, environment } = await composeService(service);
  const [program = '', ...args] = entrypoint;
  try {
    const { stdout } = await execute(program, args, { env: { ...environment, ...here, PATH: path } });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const last = `${stdout}${stderr}`.split('\n').slice(-LAST_LINES).join('\n');
    throw new Error(`the service ${service} of docker-compose.yml failed:\n${last}`, { cause: error });
  }
}

async function startServer(
  dir: string,
  programs: Programs,
  postgres: Postgres,
): Promise<{ address: string; server: ServerProcess }> {
  const { environment } = await composeService('temporal');
  const [grpc = 0, ...further] = await freePorts(1 + FURTHER_PORTS.length);
  const server = await ServerProcess.spawn({
    name: 'the Temporal server',
    // What the image's entrypoint comes down to. Its configuration is the template inside, filled by the environment.
    command: join(programs.dir, 'temporal-server'),
    args: ['start'],
    cwd: dir,
    env: {
      ...environment,
      POSTGRES_SEEDS: '127.0.0.1',
      DB_PORT: String(postgres.port),
      BIND_ON_IP: '127.0.0.1',
      FRONTEND_GRPC_PORT: String(grpc),
      ...Object.fromEntries(FURTHER_PORTS.map((name, index) => [name, String(further[index])])),
    },
    logFile: join(dir, 'temporal.log'),
  });
  const answers = eventually(
    'the Temporal server listens',
    async () => {
      await connectOnce(grpc);
      return true;
    },
    { timeoutMs: READY_MS },
  );
  await server.whenReady(answers, READY_MS + 1000);
  return { address: `127.0.0.1:${grpc}`, server };
}
