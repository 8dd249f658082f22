import assert from 'node:assert/strict';

import type { World } from '../../dev/world/world.js';
import { EC2_CONCURRENCY } from '../../src/worker/workers.js';
import { Scene } from '../ec2/support/scene.js';
import { logFromNowOn } from './support/log.js';
import { withWorld } from './support/shared-world.js';

/** More than calls may run at a time. */
const PAIRS = 80;
const CALL_MS = 1_000;

describe('many pairs at once', function () {
  this.timeout(240_000);
  let world: World;

  withWorld(async (started) => {
    world = started;
    return Promise.resolve({});
  });

  it('do not queue for sockets, however slow EC2 is (AWS-02)', async () => {
    const logged = logFromNowOn(world);
    const scene = await Scene.prepare(world, 'storm', { nodes: PAIRS });
    await world.stack.ec2.control.config({ latency_ms: CALL_MS });
    await scene.begin();
    await scene.untilAttached(180_000);
    await world.stack.ec2.control.config({ latency_ms: 0 });

    const calls = (await world.stack.ec2.control.log({ since: scene.since })).filter(
      ({ action }) => !action.startsWith('Describe'),
    );
    const most = Math.max(...calls.map(({ t }) => calls.filter((each) => each.t <= t && t < ended(each)).length));
    assert.ok(most <= EC2_CONCURRENCY, `${most} changes at a time`);
    // A slow machine spreads them: 29 of 64 were seen on one.
    assert.ok(most > EC2_CONCURRENCY / 4, `${most} changes at a time are too few to show anything`);
    assert.equal((await scene.made()).length, PAIRS);
    assert.doesNotMatch(logged(), /socket usage at capacity|MaxListenersExceeded/);
    await scene.remove(120_000);
  });
});

/** In seconds; a millisecond less than measured, since times are rounded. */
function ended({ t, ms }: { t: number; ms: number | null }): number {
  return t + ((ms ?? 0) - 1) / 1_000;
}
