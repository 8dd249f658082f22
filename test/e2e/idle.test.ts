import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../dev/stack/eventually.js';
import { heartbeat } from '../../dev/stack/nodes.js';
import { kubernetesWrites } from '../../dev/world/kubernetes-writes.js';
import { pairsOf } from '../../dev/world/pairs-of.js';
import { sharedWorld } from './support/shared-world.js';
import type { World } from '../../dev/world/world.js';

const PAIRS = 50;
const SECONDS = 60;

describe('an idle cluster', function () {
  this.timeout(180_000);
  let world: World;

  before(async () => {
    world = await sharedWorld();
  });

  it('of 50 attached pairs costs nothing while every node sends a heartbeat each second for a minute', async () => {
    const nodes = await pairsOf(world, 'idle', PAIRS);
    await world.pairs.untilAttached('idle', nodes, 60_000);
    await world.pairs.untilWorkflows('idle', 'Running', PAIRS);
    const before = await rest();

    const beats = await beat(nodes);
    const after = await cost();

    assert.ok(beats >= (PAIRS * SECONDS) / 2, `${beats} heartbeats were sent`);
    assert.deepEqual(after, before);
  });

  /**
   * What the controller has caused so far. Heartbeats are patches of nodes/status and are not counted, nor is the Lease
   * that the API server renews for itself.
   */
  async function cost(): Promise<{ ec2Calls: number; kubernetesWrites: number; historyEvents: number }> {
    const { total } = await world.stack.ec2.control.counts();
    const writes = await kubernetesWrites(world.stack, { without: ['nodes', 'leases'] });
    return { ec2Calls: total, kubernetesWrites: writes, historyEvents: await world.pairs.historyEvents('idle') };
  }

  /** Waits until the work that goes with the last attachment is done: two looks a second apart show the same. */
  async function rest(): ReturnType<typeof cost> {
    let last = '';
    return eventually(
      'nothing moves any more',
      async () => {
        const now = await cost();
        const still = JSON.stringify(now) === last;
        last = JSON.stringify(now);
        return still ? now : null;
      },
      { timeoutMs: 20_000, intervalMs: 1_000 },
    );
  }

  async function beat(nodes: readonly string[]): Promise<number> {
    let beats = 0;
    const until = Date.now() + SECONDS * 1000;
    while (Date.now() < until) {
      const round = Date.now();
      await Promise.all(nodes.map((node) => heartbeat(world.stack, node)));
      beats += nodes.length;
      await sleep(Math.max(0, round + 1000 - Date.now()));
    }
    return beats;
  }
});
