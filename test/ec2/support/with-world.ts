import { World } from '../../../dev/world/world.js';

/** The longest wait of a blocked pair here, so that going on by itself takes seconds. */
export const RETRY_MAX_S = 1;

const ENVIRONMENT = { MULTI_ENI_BLOCKED_RETRY_MAX: `${RETRY_MAX_S}s`, MULTI_ENI_AUDIT_INTERVAL: '1h' };

let shared: Promise<World> | null = null;

/**
 * Gives the tests of a `describe` the world of this process; the first that asks starts it, and it ends with the process.
 * These tests wait more than they work, so that mocha runs several files at a time, each process with a world of its own.
 * Tests use names of their own, and put back what they change in EC2.
 *
 * @param begin - is called with the world before the first test
 */
export function withWorld(begin: (world: World) => Promise<void> | void): void {
  before('have a world', async function () {
    this.timeout(180_000);
    shared ??= World.start({ env: ENVIRONMENT });
    shared.catch(() => (shared = null)); // the next file shall not fail for what this one has told
    await begin(await shared);
  });
}
