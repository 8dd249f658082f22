import { World } from '../../../dev/world/world.js';

let shared: Promise<World> | null = null;

/**
 * The world of this process's end-to-end tests, with an audit only where one asks for it; the first that asks starts it,
 * and it ends with the process. Mocha runs several files at a time, each process with a world of its own; tests use names
 * of their own all the same.
 */
export async function sharedWorld(): Promise<World> {
  shared ??= World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '24h' } });
  return shared;
}
