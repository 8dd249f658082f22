import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../../dev/stack/eventually.js';
import { labelNode, seedNode } from '../../dev/stack/nodes.js';
import { proxyBefore } from '../../dev/stack/api-proxy.js';
import type { TcpProxy } from '../../dev/stack/tcp-proxy.js';
import type { World } from '../../dev/world/world.js';
import { Scene } from '../ec2/support/scene.js';
import { signalsOf } from './support/histories.js';
import { withWorld } from './support/shared-world.js';

/** What the controller has informers of. */
const KINDS = 3;

/** At rest: a watch of each kind, and as many for everything else. */
const CONNECTIONS = 2 * KINDS;

/** K8-04 and K8-24: so many times all connections are cut, this far apart. */
const CUTS = 6;
const BETWEEN_CUTS_MS = 1_500;

/** K8-05: how long the API server is away. */
const AWAY_S = 10;

/** K8-01: how long nothing comes through. */
const HOLE_MS = 12_000;

describe('the connections to the API server', function () {
  this.timeout(180_000);
  let world: World;
  let proxy: TcpProxy;

  withWorld(async (started) => {
    world = started;
    const through = await proxyBefore(world.stack.kubernetes, world.stack.dir);
    ({ proxy } = through);
    return { KUBECONFIG: through.kubeconfig, MULTI_ENI_LEASE_NAMESPACE: 'default' };
  });
  after(async () => {
    await world.controller.process.stop();
    await proxy.stop();
  });

  it('that are reset three times make no node wait, and no process end (K8-03)', async () => {
    const { pid } = world.controller.process;
    const scene = await Scene.start(world, 'reset', { nodes: 0 });
    const names: string[] = [];
    for (const name of ['reset-1', 'reset-2', 'reset-3']) {
      proxy.reset();
      names.push(name);
      await seedNode(world.stack, world.vpc, { name, labels: { reset: 'yes' } });
      await world.pairs.untilAttached('reset', names, 30_000);
    }

    assert.equal(world.controller.process.pid, pid);
    assert.ok(world.controller.process.isRunning);
    assert.equal((await scene.made()).length, names.length);
    await scene.remove();
  });

  it('that are cut again and again stay few, wake nobody, and bring one change once (K8-04, K8-24)', async () => {
    const scene = await Scene.start(world, 'cut', { nodes: 3 });
    await scene.untilAttached();
    await world.pairs.untilWorkflows('cut', 'Running', 3);
    const [signals, { lastSeq }] = [await signalsOf(world, 'cut'), await world.stack.ec2.control.counts()];

    for (let cut = 0; cut < CUTS; cut += 1) {
      proxy.reset();
      await sleep(BETWEEN_CUTS_MS);
    }
    const second = await Scene.start(world, 'cut-witness');
    await second.untilAttached();

    await eventually('few connections are open', () => proxy.open <= CONNECTIONS, { timeoutMs: 30_000 });
    assert.equal(await signalsOf(world, 'cut'), signals);
    assert.deepEqual(await scene.calls('ModifyNetworkInterfaceAttribute', lastSeq), []);

    await world.objects.patchNodeEni('cut', { spec: { description: 'changed' } });
    await scene.until('EC2 has the description', 30_000, async () => {
      return (await world.pairs.enis('cut')).every(({ description }) => description === 'changed');
    });
    assert.equal(await signalsOf(world, 'cut'), signals + scene.nodes.length);
    await Promise.all([scene.remove(), second.remove()]);
  });

  it('are asked for about once a second by each informer while there is no API server, and less with time (K8-05)', async () => {
    const scene = await Scene.start(world, 'refused', { nodes: 5 });
    await scene.untilAttached();
    proxy.refuse(true);
    proxy.reset();
    const before = proxy.accepted;
    await sleep(AWAY_S * 1_000);
    const attempts = proxy.accepted - before;
    proxy.refuse(false);
    await world.objects.deleteNodeEni('refused');
    await scene.untilNothingIsLeft(60_000);

    // The watcher's Lease is asked for every two seconds besides.
    assert.ok(attempts >= KINDS && attempts <= (KINDS + 1) * AWAY_S, `${attempts} attempts in ${AWAY_S} s`);
  });

  it('that swallow everything are seen by the age of the last event, and make up for it when they are healed (K8-01)', async () => {
    const scene = await Scene.start(world, 'hole');
    await scene.untilAttached();
    const late = await seedNode(world.stack, world.vpc, { name: 'hole-late', zone: scene.node.zone });

    proxy.blackHole();
    proxy.refuse(true);
    await labelNode(world.stack, late.name, { hole: 'yes' });
    await sleep(HOLE_MS);
    const [during, age] = [await scene.attachments(), await ageOfLastEvent()];
    proxy.refuse(false);
    proxy.reset();
    const healedAt = performance.now();
    await world.pairs.untilAttached('hole', [scene.node.name, late.name], 120_000);

    assert.equal(during.length, 1);
    assert.ok(age >= HOLE_MS / 1_000, `the last event is ${age} s old`);
    assert.ok(performance.now() - healedAt < 60_000);
    assert.ok(world.controller.process.isRunning);
    await scene.remove();
  });

  /** In seconds, of Nodes, from the controller's metrics. */
  async function ageOfLastEvent(): Promise<number> {
    const text = await (await fetch(world.controller.metricsUrl)).text();
    return Number(/^multi_eni_informer_last_event_age_seconds\{[^}]*"Node"[^}]*\} (\S+)$/m.exec(text)?.[1]);
  }
});
