import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../../dev/stack/eventually.js';
import { labelNode, seedNode } from '../../dev/stack/nodes.js';
import { proxyBefore } from '../../dev/stack/api-proxy.js';
import type { TcpProxy } from '../../dev/stack/tcp-proxy.js';
import type { World } from '../../dev/world/world.js';
import { connectKubernetes } from '../../src/kubernetes/client.js';
import { startInformer } from '../../src/kubernetes/informer.js';
import { NODES_PATH } from '../../src/kubernetes/paths.js';
import { parseNode } from '../../src/kubernetes/schema.js';
import { memoryLog } from '../unit/kubernetes/fixtures.js';
import { withWorld } from './support/shared-world.js';

/** client-node 2.0.0 ended every watch after 30 s, and 2.0.1 those in which nothing came for 30 s. */
const LONGER_MS = 35_000;

describe('a watch', function () {
  this.timeout(120_000);
  let world: World;
  let proxy: TcpProxy;
  let kubeconfig: string;

  withWorld(async (started) => {
    world = started;
    ({ proxy, kubeconfig } = await proxyBefore(world.stack.kubernetes, world.stack.dir));
    return {};
  });
  after(() => proxy.stop());

  it('in which nothing comes for longer than half a minute stays open, and then tells once (K8-08)', async () => {
    await seedNode(world.stack, world.vpc, { name: 'watched' });
    const told: string[] = [];
    const informer = startInformer({
      kubeConfig: connectKubernetes({ kubeconfig }).kubeConfig,
      path: NODES_PATH,
      parse: parseNode,
      onChange: (name) => told.push(name),
      onDelete: (name) => told.push(`deleted ${name}`),
      log: memoryLog(),
    });
    await informer.waitSynced();
    const listed = told.length;
    await labelNode(world.stack, 'watched', { open: 'yes' });
    await eventually('the watch is open', () => told.length > listed);
    const [accepted, before] = [proxy.accepted, told.length];

    await sleep(LONGER_MS); // how long nothing comes is what the test is about
    await labelNode(world.stack, 'watched', { seen: 'yes' });
    await eventually('the label is seen', () => told.length > before);
    await informer.stop();

    assert.deepEqual(told.slice(before), ['watched']);
    assert.equal(proxy.accepted, accepted);
  });
});
