import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { REPO } from '../../../dev/bootstrap/paths.js';
import { seedNodes } from '../../../dev/stack/nodes.js';
import { World } from '../../../dev/world/world.js';
import { playDeployments } from './deployments.js';
import { bringPrograms } from './programs.js';

/** Where a reader of the documentation sits: a clone's folder, the programs, and a cluster with the controller. */
export interface Desk {
  readonly world: World;
  /** Holds `deploy`, as a clone does, and the files that the reader writes. */
  readonly dir: string;
  /** The reader's environment, and nothing of the machine's but where its programs are. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file of the reader's. */
  write(path: string, text: string): Promise<void>;
  /** A text with the ids of a subnet and a security group that exist, in the place of all that it has. */
  withNetwork(text: string): string;
  /** Runs kubectl at the desk. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Runs helm at the desk, in the controller's namespace. */
  helm(...args: readonly string[]): Promise<string>;
}

/** The name that the pages give to the reader's cluster. */
export const CLUSTER = 'production';

const NAMESPACE = ['--namespace', 'multi-eni-system'];
const README = { ng: 'multi-eni', subnet: 'a' };
const PLUGIN = { storage: 'yes' };

/** The nodes that the pages speak of. */
const NODES = [
  { name: 'node-a1', labels: README },
  { name: 'node-a2', labels: README },
  { name: 'node-b1', zone: 'us-east-1b', labels: { ...README, subnet: 'b' } },
  { name: 'worker-1', labels: PLUGIN },
  { name: 'worker-2', labels: PLUGIN },
  { name: 'worker-3', zone: 'us-east-1b', labels: PLUGIN },
  { name: 'web-1' },
];

const execute = promisify(execFile);
let shared: Promise<Desk> | null = null;
let stopDeployments: (() => Promise<void>) | null = null;

/** The one desk of all files of this folder, which are read in the order of their names; the first that asks sets it up. */
export async function sharedDesk(): Promise<Desk> {
  shared ??= setUp();
  return shared;
}

/** Takes everything down after the last test; in a root hook. */
export async function clearDesk(): Promise<void> {
  await stopDeployments?.();
  const desk = await shared?.catch(() => null); // where it could not be set up, the tests have said so
  await desk?.world.stop();
  shared = null;
}

async function setUp(): Promise<Desk> {
  const world = await World.start({
    clusterName: CLUSTER,
    env: { MULTI_ENI_AUDIT_INTERVAL: '5s' },
  });
  const { stack, vpc } = world;
  stopDeployments = playDeployments(stack.kubernetes.config);
  await seedNodes(stack, vpc, NODES);
  await stack.kubernetes.core.createNode({
    body: { metadata: { name: 'fargate-1', labels: PLUGIN }, spec: { providerID: 'aws:///us-east-1a/abc/fargate-1' } },
  });
  const dir = join(stack.dir, 'clone');
  cpSync(join(REPO, 'deploy'), join(dir, 'deploy'), { recursive: true });
  const bin = await bringPrograms(stack.dir);
  const env = { ...stack.env(), HOME: dir, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const kubectl: Desk['kubectl'] = async (...args) => (await execute('kubectl', [...args], { cwd: dir, env })).stdout;
  await handToHelm(kubectl);
  return {
    world,
    dir,
    env,
    kubectl,
    helm: async (...args) => (await execute('helm', [...args, ...NAMESPACE], { cwd: dir, env })).stdout,
    write: async (path, text) => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    },
    withNetwork: (text) =>
      text
        .replaceAll(/\bsubnet-[0-9a-f]{17}\b/g, world.subnet('a'))
        .replaceAll(/\bsg-[0-9a-f]{17}\b/g, world.group('one')),
  };
}

/**
 * The stack has brought the CustomResourceDefinitions. They are left as an earlier release of the chart leaves them, so
 * that helm takes them over: without them the controller, which runs already, would look for them ever more rarely.
 */
async function handToHelm(kubectl: Desk['kubectl']): Promise<void> {
  const release = ['meta.helm.sh/release-name=multi-eni-crds', 'meta.helm.sh/release-namespace=multi-eni-system'];
  await kubectl('annotate', 'crd', '--all', ...release);
  await kubectl('label', 'crd', '--all', 'app.kubernetes.io/managed-by=Helm');
}
