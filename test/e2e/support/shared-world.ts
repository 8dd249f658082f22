import { World } from '../../../dev/world/world.js';

let shared: Promise<World> | null = null;

/** The one world of all end-to-end tests, with an audit only where one asks for it; it is started by the first that asks. Tests use names of their own. */
export async function sharedWorld(): Promise<World> {
  shared ??= World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '24h' } });
  return shared;
}

/** Takes the world down after the last test; in a root hook. */
export async function stopSharedWorld(): Promise<void> {
  if (shared !== null) await (await shared).stop();
  shared = null;
}
