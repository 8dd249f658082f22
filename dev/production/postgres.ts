import { execFile } from 'node:child_process';
import { chown, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { connectOnce, freePorts } from '../stack/ports.js';
import { ServerProcess } from '../stack/process.js';
import { bring } from './bring.js';
import { composeService } from './compose.js';
import { as, isRoot, nobody, type User } from './unprivileged.js';

const execute = promisify(execFile);
const READY_MS = 60_000;

/** The `postgres` service of docker-compose.yml: the same user and password, on a free port of 127.0.0.1. */
export class Postgres {
  private constructor(
    readonly port: number,
    private readonly server: ServerProcess,
  ) {}

  /**
   * Resolves when it takes connections. Brings PostgreSQL where that has not been done.
   *
   * @param dir - its folder, which exists and which every user can reach: PostgreSQL does not run as root, so that for
   * root it becomes `nobody`
   * @throws Error with what it printed when it does not start within a minute
   */
  static async start(dir: string): Promise<Postgres> {
    const user = nobody();
    const bin = await programs(dir);
    const data = join(dir, 'data');
    await initialise(join(bin, 'initdb'), data, user);

    const [port = 0] = await freePorts(1);
    const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    const [command, ...args] = as(user, [join(bin, 'postgres'), '-D', data, ...flags]);
    const logFile = join(dir, 'postgres.log');
    const server = await ServerProcess.spawn({ name: 'PostgreSQL', command, args, cwd: data, logFile });
    const ready = server.output.firstMatch((line) => (line.includes('ready to accept connections') ? line : undefined));
    await server.whenReady(ready, READY_MS);
    await connectOnce(port);
    return new Postgres(port, server);
  }

  /** Stops it. Whoever is connected keeps it for ten seconds at most. */
  async stop(): Promise<void> {
    await this.server.stop();
  }
}

/** The folder with PostgreSQL's programs; of a copy for root, as `nobody` may not reach the repository. */
async function programs(dir: string): Promise<string> {
  const installed = await bring('dev/bootstrap/postgres.sh');
  if (!isRoot()) return join(installed, 'bin');
  const copy = join(dir, 'pginstall');
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

async function initialise(program: string, data: string, user: User): Promise<void> {
  const { environment } = await composeService('postgres');
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, environment['POSTGRES_PASSWORD'] ?? '', { mode: 0o644 });
  await mkdir(data, { mode: 0o700 });
  if (isRoot()) await chown(data, user.uid, user.gid);
  const [command, ...args] = as(user, [
    ...([program, '--pgdata', data, '--username', environment['POSTGRES_USER'] ?? ''] as const),
    ...['--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale', '--no-sync'],
  ]);
  await execute(command, args, { cwd: data });
}
