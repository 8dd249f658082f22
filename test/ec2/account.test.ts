import assert from 'node:assert/strict';
import type { World } from '../../dev/world/world.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

const PAIRS = 3;

/** Longest that creates are held back after a refusal, in milliseconds: a minute and a fifth. */
const HELD_MS = 72_000;

describe("the account's quota of ENIs", function () {
  this.timeout(180_000);
  let world: World;

  withWorld((started) => void (world = started));

  after(async () => {
    await world.stack.ec2.control.config({ eni_per_region: 5_000 });
  });

  it('holds back creates, all together, but no removals, and is forgotten when there is room', async () => {
    // They leave room for pairs of other tests that may still wait for an ENI.
    const leaving = await Scene.start(world, 'old', { nodes: 2 * PAIRS });
    await leaving.untilAttached();
    const coming = await Scene.prepare(world, 'new', { nodes: PAIRS });
    const existing = await world.stack.ec2.control.enis({ primary: true });
    await world.stack.ec2.control.config({ eni_per_region: existing.length });
    await coming.begin();

    const { message, ready } = await coming.untilReason('QuotaReached');
    await letPass(5);
    const inVain = await coming.calls('CreateNetworkInterface');
    await leaving.remove(20_000);
    const nodes = coming.nodes.map(({ name }) => name);
    await world.pairs.untilAttached('new', nodes, HELD_MS + 30_000);

    assert.match(message, /NetworkInterfaceLimitExceeded/);
    assert.match(ready, /quota of network interfaces in the Region is reached; raise it or free some/);
    assert.ok(inVain.length <= PAIRS, `${inVain.length} creates in vain`);
    assert.ok((await coming.calls('CreateNetworkInterface')).length <= 3 * PAIRS);
    assert.equal((await coming.made()).length, PAIRS);
    await coming.remove();
  });
});
