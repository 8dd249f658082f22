import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type ProductionController, startAsTheImage } from '../../dev/production/controller.js';
import { nodeVersions } from '../../dev/production/node-versions.js';
import { ProductionTemporal } from '../../dev/production/temporal.js';
import { as, IMAGE_USER } from '../../dev/production/unprivileged.js';
import type { ProductionWorld } from '../../dev/production/world.js';
import { eventually } from '../../dev/stack/eventually.js';
import { type SeededNode, seedNode } from '../../dev/stack/nodes.js';
import { nodeBin, sharedWorld } from './support/shared-world.js';

const DEADLINE_MS = 30_000;
const WARNING = 40; // pino's number

const VERSIONS = await nodeVersions();

describe('the production install, started as the image would be', function () {
  this.timeout(25 * 60_000); // on a new machine Temporal's server has to be built
  let world: ProductionWorld;
  let node: SeededNode;

  before(async () => {
    world = await sharedWorld();
    node = await seedNode(world, world.vpc, { name: 'node-1', labels: { ng: 'multi-eni' } });
  });

  async function start(name: string, version: string, role?: string): Promise<ProductionController> {
    const args = role === undefined ? {} : { args: ['run', '--role', role] };
    return await startAsTheImage(world, { install: world.install, nodeBin: await nodeBin(version), name, ...args });
  }

  /** Where the node has an ENI of ours, in EC2. */
  async function attachedTo(): Promise<(string | undefined)[]> {
    const enis = await world.ec2.control.enis();
    return enis.map(({ attachment }) => attachment?.instanceId);
  }

  /** A NodeENI comes and goes. */
  async function playOnce(name: string): Promise<void> {
    await world.nodeEnis.create(name, {
      nodeSelector: { ng: 'multi-eni' },
      subnetID: Object.values(world.vpc.subnetIds)[0] ?? '',
      securityGroupIDs: Object.values(world.vpc.securityGroupIds),
    });
    const attached = async (): Promise<boolean> => (await world.nodeEnis.get(name))?.status?.attached === 1;
    await eventually(`NodeENI ${name} is attached`, attached, { timeoutMs: DEADLINE_MS });
    assert.deepEqual(await attachedTo(), [node.instanceId]);
    await world.nodeEnis.delete(name);
    const gone = async (): Promise<boolean> => (await world.nodeEnis.get(name)) === undefined;
    await eventually(`NodeENI ${name} is gone`, gone, { timeoutMs: DEADLINE_MS });
    assert.deepEqual(await attachedTo(), []);
  }

  /** SIGTERM, as Docker and the kubelet send it. */
  async function endsWell({ process: { pid, ended }, stopGraceMs, logFile }: ProductionController): Promise<void> {
    const asked = performance.now();
    process.kill(pid, 'SIGTERM');
    assert.equal(await ended, 'exit code 0');
    assert.ok(performance.now() - asked < stopGraceMs, `it took longer than the ${stopGraceMs} ms it is given`);
    const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
    assert.deepEqual(lines.filter(isComplaint), []);
  }

  for (const [which, version] of Object.entries(VERSIONS)) {
    it(`attaches and releases an ENI on Node.js ${version} (${which}), prints no warning, and ends with 0`, async () => {
      const controller = await start(`on-${which}`, version);

      await playOnce(`on-${which}`);

      await endsWell(controller);
    });
  }

  it('does the same as a watcher and a worker, two processes of one install', async () => {
    const [watcher, worker] = await Promise.all([
      start('watcher', VERSIONS.image, 'watcher'),
      start('worker', VERSIONS.image, 'worker'),
    ]);

    await playOnce('two-roles');

    await Promise.all([endsWell(watcher), endsWell(worker)]);
  });

  it('holds nothing that is for development', () => {
    const modules = join(world.install.app, 'node_modules');

    assert.ok(existsSync(join(modules, '@temporalio/worker')));
    for (const name of ['typescript', 'tsx', 'mocha', 'eslint', '@temporalio/testing']) {
      assert.equal(existsSync(join(modules, name)), false, name);
    }
  });

  it('cannot be changed by the user that runs it', async () => {
    const [program, ...args] = as(IMAGE_USER, ['sh', '-c', 'echo >> "$0"', join(world.install.app, 'dist/main.js')]);

    await assert.rejects(promisify(execFile)(program, args), /Permission denied/);
  });

  it('has the bill of materials beside it', async () => {
    const { bomFormat } = JSON.parse(await readFile(join(world.install.app, 'sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
    };

    assert.equal(bomFormat, 'CycloneDX');
  });

  it('finds the one-shot services of Temporal harmless when they run again', async () => {
    const printed = await ProductionTemporal.setUpAgain(world.temporal, world.postgres);

    assert.match(printed, /the schemas are up to date[^]*search attributes: done/);
  });
});

/** Whether a line is none of our log, or one of its warnings and errors. */
function isComplaint(line: string): boolean {
  if (!line.startsWith('{')) return true;
  const { level } = JSON.parse(line) as { level: number };
  return level >= WARNING;
}
