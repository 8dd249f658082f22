import { World } from '../../../dev/world/world.js';

let shared: Promise<World> | null = null;

/** The one world of all tests of the plugin; it is started by the first that asks. Tests use names of their own. */
export async function sharedWorld(): Promise<World> {
  shared ??= World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '5s' } });
  return shared;
}

/** Takes the world down after the last test; in a root hook. */
export async function stopSharedWorld(): Promise<void> {
  if (shared !== null) await (await shared).stop();
  shared = null;
}
