import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../../dev/stack/eventually.js';
import { KubernetesApi } from '../../dev/stack/kubernetes.js';
import { deleteNode, heartbeat, labelNode } from '../../dev/stack/nodes.js';
import type { ClusterNode } from '../../src/domain/node.js';
import { connectKubernetes, type Kubernetes } from '../../src/kubernetes/client.js';
import { type Informer, type InformerOptions, startInformer } from '../../src/kubernetes/informer.js';
import { NODES_PATH } from '../../src/kubernetes/paths.js';
import { parseNode } from '../../src/kubernetes/schema.js';
import { scratchFolder } from '../stack/scratch.js';
import { memoryLog } from '../unit/kubernetes/fixtures.js';
import { proxyBefore } from '../../dev/stack/api-proxy.js';
import type { TcpProxy } from '../../dev/stack/tcp-proxy.js';

describe('an informer on a real API server', function () {
  this.timeout(120_000);
  const dir = scratchFolder();
  let kubernetes: KubernetesApi;
  let proxy: TcpProxy;
  let client: Kubernetes;
  let informer: Informer<ClusterNode>;
  let told: string[];
  let log: ReturnType<typeof memoryLog>;

  before(async () => {
    kubernetes = await KubernetesApi.start({ dir, apiServerArguments: ['--watch-cache=true'] });
    const through = await proxyBefore(kubernetes, dir);
    ({ proxy } = through);
    client = connectKubernetes({ kubeconfig: through.kubeconfig });
  });
  after(async () => {
    await proxy.stop();
    await kubernetes.stop();
  });
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c']) await createNode(name);
  });
  afterEach(async () => {
    await informer.stop();
    proxy.reset(); // no pooled connection goes from test to test
    const { items } = await kubernetes.core.listNode();
    for (const { metadata } of items) await deleteNode({ kubernetes }, metadata!.name!);
  });

  async function createNode(name: string): Promise<void> {
    await kubernetes.core.createNode({ body: { metadata: { name } } });
  }

  async function start(options: Partial<InformerOptions<ClusterNode>> = {}): Promise<void> {
    told = [];
    log = memoryLog();
    informer = startInformer({
      kubeConfig: client.kubeConfig,
      path: NODES_PATH,
      parse: parseNode,
      onChange: (name) => told.push(`changed ${name}`),
      onDelete: (name) => told.push(`deleted ${name}`),
      log,
      ...options,
    });
    await informer.waitSynced();
  }

  const names = (): string[] =>
    informer
      .values()
      .map(({ name }) => name)
      .sort();

  it('lists page by page, and tells of each object once', async () => {
    await start({ pageSize: 1 });

    assert.deepEqual(
      [names(), told],
      [
        ['a', 'b', 'c'],
        ['changed a', 'changed b', 'changed c'],
      ],
    );
    assert.equal(informer.synced, true);
  });

  it('tells of what is made, changed and deleted, but not of heartbeats', async () => {
    await start();
    told.length = 0;
    await heartbeat({ kubernetes }, 'a');
    await createNode('d');
    await labelNode({ kubernetes }, 'd', { x: '1' });
    await deleteNode({ kubernetes }, 'd');
    await eventually('d is seen to go', () => told.includes('deleted d'));

    assert.deepEqual(told, ['changed d', 'changed d', 'deleted d']);
  });

  it('goes on from where it was when its connections are reset, within seconds, and tells nothing twice', async () => {
    await start();
    for (const name of ['d', 'e', 'f']) {
      proxy.reset();
      await createNode(name);
      await eventually(`${name} is seen`, () => informer.get(name) !== undefined, { timeoutMs: 10_000 });
    }

    assert.equal(new Set(told).size, told.length);
    assert.equal(log.lines.filter(({ message }) => message === 'listed').length, 1);
    assert.ok(proxy.open <= 2, `${proxy.open} connections are open`);
  });

  it('notices a connection that has gone silent', async () => {
    await start({ idleMs: 2_000 });
    await createNode('w');
    await eventually('the watch is open', () => informer.get('w') !== undefined);
    proxy.blackHole();
    await createNode('d');
    await eventually('d is seen', () => informer.get('d') !== undefined, { timeoutMs: 15_000 });

    assert.match(JSON.stringify(log.lines), /nothing was heard from the API server for 2 s/);
    assert.ok(proxy.open <= 2, `${proxy.open} connections are open`);
  });

  it('takes up a watch that the server ends, without a list and without a word', async () => {
    await start({ watchSeconds: 1 });
    told.length = 0;
    await sleep(3_500);
    await createNode('d');
    await eventually('d is seen', () => informer.get('d') !== undefined);

    assert.deepEqual([told, log.lines.map(({ message }) => message)], [['changed d'], ['listed']]);
  });

  it('makes at most one attempt a second while the API server is away, and fewer with time', async () => {
    await start();
    proxy.refuse(true);
    proxy.reset();
    const before = proxy.accepted;
    await sleep(8_000);
    const attempts = proxy.accepted - before;
    proxy.refuse(false);
    await createNode('d');
    await eventually('d is seen', () => informer.get('d') !== undefined, { timeoutMs: 30_000 });

    assert.ok(attempts >= 2 && attempts <= 5, `${attempts} attempts in 8 s`);
  });

  it('lists anew after a restart of the API server and three failures, and tells of what was deleted meanwhile', async () => {
    await start();
    proxy.refuse(true);
    proxy.reset();
    await deleteNode({ kubernetes }, 'b');
    await kubernetes.restart();
    proxy.refuse(false);
    await eventually('b is seen to be gone', () => told.includes('deleted b'), { timeoutMs: 60_000 });

    assert.deepEqual(names(), ['a', 'c']);
  });

  it('tells of what was deleted before the API server was killed and started again', async () => {
    await start();
    proxy.refuse(true);
    proxy.reset();
    await deleteNode({ kubernetes }, 'c');
    await kubernetes.kill9();
    await kubernetes.restart();
    proxy.refuse(false);
    await eventually('c is seen to be gone', () => told.includes('deleted c'), { timeoutMs: 60_000 });
    await createNode('d');
    await eventually('d is seen', () => informer.get('d') !== undefined, { timeoutMs: 30_000 });

    assert.deepEqual(names(), ['a', 'b', 'd']);
  });

  it('is not stopped by a handler that throws, nor by an object that it cannot read', async () => {
    await start({
      onChange: () => {
        throw new Error('a bad handler');
      },
      parse: (raw) => {
        const node = parseNode(raw);
        if (node.name === 'd') throw new Error('a bad object');
        return node;
      },
    });
    await createNode('d');
    await createNode('e');
    await eventually('e is seen', () => informer.get('e') !== undefined);

    assert.deepEqual([names(), informer.store.unreadable], [['a', 'b', 'c', 'e'], ['d']]);
  });

  it('rejects those who wait for its first list when it is stopped before', async () => {
    informer = startInformer({
      kubeConfig: client.kubeConfig,
      path: '/api/v1/nothing',
      parse: parseNode,
      onChange: () => undefined,
      onDelete: () => undefined,
      log: memoryLog(),
    });
    const waiting = assert.rejects(informer.waitSynced(), /the informer is stopped/);
    await sleep(500);
    assert.equal(informer.synced, false);
    await informer.stop();
    await waiting;
  });
});
