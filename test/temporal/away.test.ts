import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { startController } from '../../dev/stack/controller.js';
import { eventually } from '../../dev/stack/eventually.js';
import { labelNode } from '../../dev/stack/nodes.js';
import { TcpProxy } from '../../dev/stack/tcp-proxy.js';
import { World } from '../../dev/world/world.js';
import { pairsOf } from '../../dev/world/pairs-of.js';

/** How long Temporal is away: longer than the SDK's own retries of a call last. */
const AWAY_MS = 20_000;

describe('a Temporal server that is away', function () {
  this.timeout(180_000);
  let world: World;
  let proxy: TcpProxy;

  before(async () => {
    world = await World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '1h' } });
    proxy = await TcpProxy.start(Number(world.stack.temporal.address.split(':')[1]));
  });
  after(async () => {
    await world.stop();
    await proxy.stop();
  });

  it('at the start of the controller is waited for, and the process says that it is not ready', async () => {
    await world.killController();
    await world.stack.temporal.stop();
    const nodes = await pairsOf(world, 'start', 2);
    world.controller = await startController(world.stack);
    const refusal = await eventually('the controller is not ready', async () => notReady());

    await world.stack.temporal.restart();
    await world.controller.whenReady();
    await world.pairs.untilAttached('start', nodes);

    assert.match(refusal, /Temporal/);
  });

  it('in the middle is waited for, and what changed meanwhile is done then', async () => {
    const [kept = '', left = ''] = await pairsOf(world, 'middle', 2);
    await world.pairs.untilAttached('middle', [kept, left]);
    await world.stack.temporal.kill9();

    await labelNode(world.stack, left, { middle: null });
    const later = await pairsOf(world, 'later', 2);
    await eventually('the controller is not ready', async () => notReady(), { timeoutMs: 90_000 });
    await world.stack.temporal.restart();

    await world.pairs.untilAttached('middle', [kept], 60_000);
    await world.pairs.untilAttached('later', later, 60_000);
    for (const [nodeEni, node] of [...later.map((one) => ['later', one] as const), ['middle', kept] as const]) {
      assert.equal((await world.pairs.everMade(nodeEni, node)).length, 1, node);
    }
    await world.controller.whenReady();
  });

  it('behind a network that swallows everything is found again when it is healed', async () => {
    await world.controller.process.stop();
    await world.startController({ TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}` });
    const before = await pairsOf(world, 'before', 1);
    await world.pairs.untilAttached('before', before);

    proxy.blackHole();
    proxy.refuse(true);
    const during = await pairsOf(world, 'during', 2);
    await sleep(AWAY_MS); // how long it is away is what the test is about
    assert.deepEqual(await world.pairs.enis('during'), []);
    proxy.refuse(false);

    await world.pairs.untilAttached('during', during, 90_000);
    for (const node of during) assert.equal((await world.pairs.everMade('during', node)).length, 1, node);
  });

  /** What `/readyz` says against it; null: it says yes. */
  async function notReady(): Promise<string | null> {
    const answer = await fetch(`${world.controller.healthUrl}/readyz`);
    return answer.ok ? null : await answer.text();
  }
});
