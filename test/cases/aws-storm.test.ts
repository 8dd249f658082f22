import assert from 'node:assert/strict';

import type { World } from '../../dev/world/world.js';
import { EC2_CONCURRENCY } from '../../src/worker/workers.js';
import { Scene } from '../ec2/support/scene.js';
import { mostAtOnce } from '../support/ec2-calls.js';
import { logFromNowOn } from './support/log.js';
import { withWorld } from './support/shared-world.js';

/** More than calls may run at a time. */
const PAIRS = EC2_CONCURRENCY + 16;

describe('many pairs at once', function () {
  this.timeout(240_000);
  let world: World;

  withWorld(async (started) => {
    world = started;
    return Promise.resolve({});
  });

  it('do not queue for sockets, however slow EC2 is (AWS-02)', async () => {
    const logged = logFromNowOn(world);
    const { control } = world.stack.ec2;
    const scene = await Scene.prepare(world, 'storm', { nodes: PAIRS });
    await control.faults([{ action: 'CreateNetworkInterface', pause: 'before', times: null }]);
    await scene.begin();
    await scene.until('as many creates are under way as may be', 120_000, async () => {
      const waiting = (await control.held()).filter(({ clientGone }) => !clientGone);
      assert.equal(waiting.length, EC2_CONCURRENCY);
      return true;
    });
    await control.clearFaults();
    await scene.untilAttached(120_000);

    const calls = (await control.log({ since: scene.since })).filter(({ action }) => !action.startsWith('Describe'));
    const most = mostAtOnce(calls);
    assert.ok(most <= EC2_CONCURRENCY, `${most} changes at a time`);
    assert.equal((await scene.made()).length, PAIRS);
    assert.doesNotMatch(logged(), /socket usage at capacity|MaxListenersExceeded/);
    await scene.remove(120_000);
  });
});
