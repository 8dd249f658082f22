import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Ec2Fault } from '../../dev/stack/ec2-types.js';
import { eventually } from '../../dev/stack/eventually.js';
import { labelNode } from '../../dev/stack/nodes.js';
import { World } from '../../dev/world/world.js';
import { pairsOf } from '../../dev/world/pairs-of.js';

/** Longest from the readiness of a new worker to the first call of what waited. Source: case TW-07. */
const STICKY_MS = 20_000;

/** A grace period far shorter than a call may take, in milliseconds. */
const GRACE_MS = 1_000;

/** For what takes a second or two on an idle machine. */
const PATIENCE = { timeoutMs: 30_000 };

/** One call of each of these is under way when the grace is over: not yet carried out by EC2, or without its answer. */
const CUT: readonly Ec2Fault[] = ['CreateNetworkInterface', 'AttachNetworkInterface', 'DetachNetworkInterface'].flatMap(
  (action) => [
    { action, pause: 'before' },
    { action, pause: 'after' },
  ],
);

describe('a worker', function () {
  this.timeout(180_000);
  let world: World;

  before(async () => {
    world = await World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '1h' } });
  });
  after(() => world.stop());

  it('that is killed leaves nothing waiting for it: the next one goes on within seconds', async () => {
    const [node = ''] = await pairsOf(world, 'sticky', 1);
    await world.pairs.untilAttached('sticky', [node]);
    await world.killController();

    await world.startController();
    const ready = performance.now();
    await labelNode(world.stack, node, { sticky: null });
    await eventually('the ENI is gone', async () => (await world.pairs.enis('sticky')).length === 0, {
      timeoutMs: STICKY_MS * 2,
    });

    assert.ok(performance.now() - ready < STICKY_MS, `${Math.round(performance.now() - ready)} ms`);
  });

  it('that is told to end while EC2 makes an ENI waits for the answer, and ends well', async () => {
    const faultId = await world.stack.ec2.control.addFault({ action: 'CreateNetworkInterface', pause: 'before' });
    const [node = ''] = await pairsOf(world, 'ends', 1);
    await eventually('the create is under way', async () => (await world.stack.ec2.control.held()).length > 0);

    const stopped = world.controller.process.stop();
    await world.controller.process.output.firstMatch((line) => (line.includes('"stopping"') ? line : undefined));
    await world.stack.ec2.control.clearFaults({ id: faultId });
    await stopped;
    const how = await world.controller.process.ended;
    await world.startController();
    await world.pairs.untilAttached('ends', [node]);

    assert.equal(how, 'exit code 0');
    assert.equal((await world.pairs.everMade('ends', node)).length, 1);
    const { byAction } = await world.stack.ec2.control.counts();
    assert.equal(byAction['CreateNetworkInterface'], 2, 'one for each pair of this file, none twice');
  });

  it('that is killed in the middle of calls, its grace being over, leaves nothing undone and nothing done twice', async () => {
    const { control } = world.stack.ec2;
    const leaving = await pairsOf(world, 'leaving', 2);
    await world.pairs.untilAttached('leaving', leaving);
    const { lastSeq } = await control.journal();
    await control.faults(CUT);
    for (const node of leaving) await labelNode(world.stack, node, { leaving: null });
    const nodes = await pairsOf(world, 'cut', 4);
    await eventually('all calls are under way', async () => (await control.held()).length === CUT.length, PATIENCE);

    await killAfterGrace();
    await world.startController();
    await world.pairs.untilAttached('cut', nodes);
    await eventually('the ENIs are gone', async () => (await world.pairs.enis('leaving')).length === 0, PATIENCE);
    const late = await control.release();
    await eventually('EC2 has carried out what came late', async () => {
      return (await control.log()).every(({ http, code }) => http !== null || code !== null);
    });

    assert.equal(late, CUT.length);
    const enis = await world.pairs.enis('cut');
    assert.deepEqual(
      enis.map(({ attachment }) => attachment?.status),
      nodes.map(() => 'attached'),
    );
    const { events } = await control.journal({ since: lastSeq });
    const ofOurs = events.filter(({ primary }) => primary !== true);
    const happened = Map.groupBy(ofOurs, ({ event }) => event);
    assert.deepEqual([...happened].map(([event, all]) => `${event}: ${all.length}`).toSorted(), [
      'attached: 4',
      'created: 4',
      'deleted: 2',
      'detached: 2',
      'modified: 4',
    ]);
  });

  /** As the kubelet does with a Pod whose grace period is over. */
  async function killAfterGrace(): Promise<void> {
    const { process: controller } = world.controller;
    process.kill(controller.pid, 'SIGTERM');
    await controller.output.firstMatch((line) => (line.includes('"stopping"') ? line : undefined));
    await sleep(GRACE_MS); // how long it is given is what the test is about
    assert.ok(controller.isRunning, 'it waits for the calls');
    await controller.kill9();
    assert.equal(await controller.ended, 'signal SIGKILL');
  }
});
