import assert from 'node:assert/strict';
import { eventually } from '../../dev/stack/eventually.js';
import { pairsOf } from '../../dev/world/pairs-of.js';
import { sharedWorld } from './support/shared-world.js';
import type { World } from '../../dev/world/world.js';

const PAIRS = 20;

/** Slow enough that a kill always hits pairs in the middle of something. */
const SLOW = { latency_ms: 150, attach_s: 1, detach_s: 1 };
const FAST = { latency_ms: 0, attach_s: 0, detach_s: 0 };

describe('kill -9', function () {
  this.timeout(180_000);
  let world: World;

  before(async () => {
    world = await sharedWorld();
    await world.stack.ec2.control.config(SLOW);
  });

  after(async () => {
    await world.stack.ec2.control.config(FAST);
  });

  const victims = {
    'the controller': async () => {
      await world.killController();
      await world.startController();
    },
    'the Temporal server': async () => {
      await world.stack.temporal.kill9();
      await world.stack.temporal.restart();
    },
  };

  for (const [victim, killAndRestart] of Object.entries(victims)) {
    it(`of ${victim} doubles and leaks nothing, while 20 pairs are made and while they are removed`, async () => {
      const name = victim.includes('Temporal') ? 'kill-t' : 'kill-c';
      const nodes = await pairsOf(world, name, PAIRS);
      await eventually('some ENIs are made, and not all attached', async () => {
        const enis = await world.pairs.enis(name);
        return enis.length >= 5 && enis.filter(({ attachment }) => attachment?.status === 'attached').length < PAIRS;
      });

      await killAndRestart();
      await world.pairs.untilAttached(name, nodes, 60_000);

      for (const node of nodes)
        assert.equal((await world.pairs.everMade(name, node)).length, 1, `ENIs ever made for ${node}`);
      await world.pairs.untilWorkflows(name, 'Running', PAIRS);

      await world.objects.deleteNodeEni(name);
      // EC2 deletes all of them in one moment, but takes a second to detach them: that is when to strike.
      await eventually('some ENIs are on their way out, and not all are gone', async () => {
        const enis = await world.pairs.enis(name);
        const staying = enis.filter(({ attachment }) => attachment?.status === 'attached');
        return staying.length <= PAIRS - 3 && enis.length > 0;
      });

      await killAndRestart();
      await world.pairs.untilGone(name, 60_000);

      assert.deepEqual(await world.pairs.enis(name), []);
    });
  }
});
