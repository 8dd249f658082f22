import { World } from '../../../dev/world/world.js';

/** Waits of blocked pairs and audits are far from what these tests look at. */
const ENVIRONMENT = { MULTI_ENI_BLOCKED_RETRY_MAX: '1s', MULTI_ENI_AUDIT_INTERVAL: '1h' };

let shared: Promise<World> | null = null;

/**
 * Gives the tests of a `describe` the world of this process, with the controller in an environment of theirs. The first
 * that asks starts the world, and it ends with the process. Mocha runs several files at a time, each process with a world
 * of its own; tests use names of their own, and the next `describe` has a controller of its own.
 *
 * @param prepare - is called with the world before the first test; returns what the controller's environment has more
 */
export function withWorld(prepare: (world: World) => Promise<Readonly<Record<string, string>>>): void {
  before('have a world', async function () {
    this.timeout(180_000);
    shared ??= World.start({ env: ENVIRONMENT });
    const world = await shared;
    const env = await prepare(world);
    if (Object.keys(env).length === 0 && world.controller.process.isRunning) return;
    await restart(world, env);
  });
}

/** Ends the controller as a roll-out would, and starts it in this environment on top of the world's. */
export async function restart(world: World, env: Readonly<Record<string, string>> = {}): Promise<void> {
  await world.controller.process.stop();
  await world.startController(env);
}
