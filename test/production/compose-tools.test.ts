import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { composeService } from '../../dev/production/compose.js';
import { type ProductionController, startAsTheImage } from '../../dev/production/controller.js';
import { nodeVersions } from '../../dev/production/node-versions.js';
import type { ProductionWorld } from '../../dev/production/world.js';
import { eventually } from '../../dev/stack/eventually.js';
import { seedNodes } from '../../dev/stack/nodes.js';
import { given, seedVpc } from '../../dev/stack/seed.js';
import { describeNodes, nodeEniOfMakeDev, nodesOfMakeDev } from './support/seeded.js';
import { nodeBin, sharedWorld } from './support/shared-world.js';

const SEEDED = 'subnet-a';
const DEADLINE_MS = 30_000;

describe('the services of docker-compose.yml that are run on demand', function () {
  this.timeout(25 * 60_000); // on a new machine Temporal's server has to be built
  let world: ProductionWorld;
  let controller: ProductionController;
  let bin: string;

  before(async () => {
    world = await sharedWorld();
    bin = await nodeBin((await nodeVersions()).image);
    controller = await startAsTheImage(world, { install: world.install, nodeBin: bin, name: 'for-tools' });
  });

  after(async () => {
    await controller.process.stop();
  });

  /** Runs a service as compose does. @returns what it printed @throws Error with its output when it fails */
  async function runService(name: string): Promise<string> {
    const { entrypoint, environment } = await composeService(name);
    const [program = '', ...args] = entrypoint;
    const here = { KUBECONFIG: world.kubernetes.kubeconfig, AWS_ENDPOINT_URL_EC2: world.ec2.endpoint };
    const { stdout } = await promisify(execFile)(program, args, {
      env: { ...environment, ...here, PATH: `${bin}:/usr/bin:/bin` },
    });
    return stdout;
  }

  it('`seed` makes what `make dev` has, and the controller attaches two ENIs', async () => {
    const nodes = await nodesOfMakeDev();
    const names = nodes.map(({ name }) => name);

    await runService('seed');

    const attached = async (): Promise<boolean> => (await world.nodeEnis.get(SEEDED))?.status?.attached === 2;
    await eventually('the seeded NodeENI is attached to two nodes', attached, { timeoutMs: DEADLINE_MS });
    const { spec } = given(await world.nodeEnis.get(SEEDED), 'get NodeENI');
    assert.deepEqual(spec, await nodeEniOfMakeDev(world, spec));
    const seeded = await describeNodes(world, names);
    await world.nodeEnis.delete(SEEDED);
    const gone = async (): Promise<boolean> => (await world.nodeEnis.get(SEEDED)) === undefined;
    await eventually('the seeded NodeENI is gone', gone, { timeoutMs: DEADLINE_MS });
    await seedNodes(world, await seedVpc(world.ec2.client), nodes);
    assert.deepEqual(seeded, await describeNodes(world, names));
  });

  it('`demo` shows the story of `make demo` and ends well', async () => {
    const printed = await runService('demo');

    assert.match(printed, /demo: 4 of 4 attached, 4 of 4 released, 0 leaked\n$/);
  });
});
