import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { eventually } from '../stack/eventually.js';
import { freePorts } from '../stack/ports.js';
import { ServerProcess } from '../stack/process.js';
import { composeService } from './compose.js';
import { environmentOf } from './dockerfile.js';
import { commandOf, type Install } from './install.js';
import { as, IMAGE_USER, isRoot } from './unprivileged.js';

/** Where the controller finds what it talks to. */
export interface Surroundings {
  readonly temporal: { readonly address: string };
  readonly kubernetes: { readonly kubeconfig: string };
  readonly ec2: { readonly endpoint: string };
}

/** What to run of an install. */
export interface Start {
  readonly install: Install;
  /** The folder that holds `node`, from `addNode`. */
  readonly nodeBin: string;
  /** What the log file and messages call it; no two alike. */
  readonly name: string;
  /** Arguments in place of the image's, such as `run --role watcher`. */
  readonly args?: readonly string[];
}

/** A controller that runs as the service `controller` of docker-compose.yml would run in its container. */
export interface ProductionController {
  readonly process: ServerProcess;
  /** Its whole output so far is in this file. */
  readonly logFile: string;
  /** How long docker-compose.yml gives it to stop, in milliseconds. */
  readonly stopGraceMs: number;
  readonly metricsUrl: string;
}

const READY_MS = 60_000;
const execute = promisify(execFile);

/**
 * Starts the image's command as the image's user, with the image's and the service's environment and nothing else, in a
 * folder that it cannot write to. Its only writable folder is that of TMPDIR. Resolves when the service's own health
 * check succeeds.
 *
 * @throws Error with the last output when it ends first or is not healthy within a minute
 */
export async function startAsTheImage(around: Surroundings, start: Start): Promise<ProductionController> {
  const { install, nodeBin, name } = start;
  const service = await composeService('controller');
  const [health = 0, metrics = 0] = await freePorts(2);
  const environment = {
    PATH: `${nodeBin}:/usr/bin:/bin`,
    HOME: '/',
    TMPDIR: await ownFolder(join(install.dir, `${name}-tmp`)),
    ...environmentOf(install.image, { VERSION: name }),
    ...service.environment,
    NODE_OPTIONS: await optionsKnownTo(nodeBin, environmentOf(install.image, {})['NODE_OPTIONS'] ?? ''),
    KUBECONFIG: await readableCopy(around.kubernetes.kubeconfig, join(install.dir, `${name}-kubeconfig`)),
    TEMPORAL_ADDRESS: around.temporal.address,
    AWS_ENDPOINT_URL_EC2: around.ec2.endpoint,
    MULTI_ENI_HEALTH_ADDR: `127.0.0.1:${health}`,
    MULTI_ENI_METRICS_ADDR: `127.0.0.1:${metrics}`,
  };
  const [program = '', ...args] = commandOf(install.image, start.args);
  const variables = Object.entries(environment).map(([variable, value]) => `${variable}=${value}`);
  const logFile = join(install.dir, `${name}.log`);
  const server = await ServerProcess.spawn({
    name: `the controller ${name}`,
    command: 'env', // an empty environment, as a container has
    args: ['-i', ...variables, ...as(IMAGE_USER, [program, ...args])],
    cwd: install.app,
    logFile,
  });
  const check = service.healthcheck.map((word) => word.replace('127.0.0.1:8081', `127.0.0.1:${health}`));
  await server.whenReady(healthy(name, check, environment.PATH), READY_MS + 1000);
  return {
    process: server,
    logFile,
    stopGraceMs: service.stopGraceMs,
    metricsUrl: `http://127.0.0.1:${metrics}/metrics`,
  };
}

/** An older Node.js refuses to start with an option that it does not know. */
async function optionsKnownTo(nodeBin: string, options: string): Promise<string> {
  const print = 'console.log([...process.allowedNodeEnvironmentFlags].join("\\n"))';
  const { stdout } = await execute(join(nodeBin, 'node'), ['-e', print]);
  const known = new Set(stdout.split('\n'));
  return options
    .split(' ')
    .filter((option) => known.has(option.replace(/=.*/, '')))
    .join(' ');
}

async function healthy(name: string, [program = '', ...args]: readonly string[], path: string): Promise<void> {
  await eventually(
    `the controller ${name} is healthy`,
    async () => {
      await execute(program, args, { env: { PATH: path } });
      return true;
    },
    { timeoutMs: READY_MS, intervalMs: 400 },
  );
}

async function ownFolder(path: string): Promise<string> {
  await mkdir(path, { mode: 0o700 });
  if (isRoot()) await chown(path, IMAGE_USER.uid, IMAGE_USER.gid);
  return path;
}

/** In compose the volume's files belong to the image's user. */
async function readableCopy(source: string, target: string): Promise<string> {
  await copyFile(source, target);
  await chmod(target, 0o644);
  return target;
}
