import assert from 'node:assert/strict';

import { total } from '../../dev/bench/kube-writes.js';
import { cpuSeconds, memoryMib } from '../../dev/bench/machine.js';
import { between, type Counts, countsOf, temporalRequests } from '../../dev/bench/size-counts.js';
import { type Controller, startController } from '../../dev/stack/controller.js';
import { eventually } from '../../dev/stack/eventually.js';
import { labelNode } from '../../dev/stack/nodes.js';
import { type Stack, startStack } from '../../dev/stack/stack.js';
import { Objects } from '../../dev/world/objects.js';
import type { Attachment } from '../../src/domain/attachment.js';
import { pairWorkflowId } from '../../src/domain/names.js';
import type { NodeEniStatus } from '../../src/domain/node-eni-status.js';
import { ATTACHMENTS_PATH, NODE_ENIS_PATH } from '../../src/kubernetes/paths.js';
import { RawApi } from './support/raw-api.js';
import { CLUSTER, NAME, seedObjects } from './support/seed-objects.js';
import { seedWorkflows, signalOne } from './support/seed-workflows.js';

/** As many as `make test` has time for. The design promises 5,000: `SIZE_PAIRS=5000`, some minutes on two cores. */
const PAIRS = Number(process.env['SIZE_PAIRS'] ?? 1000);

const ROWS = 500;

/** For others on the machine; the usual is seconds. */
const PATIENCE = { timeoutMs: 300_000, intervalMs: 500 };

describe(`one NodeENI over ${PAIRS} nodes`, function () {
  this.timeout(900_000);
  let stack: Stack;
  let api: RawApi;
  let objects: Objects;
  let attachments: Attachment[];
  let watcher: Controller | undefined;
  let atStart: Counts;
  const times: string[] = [];

  before(async () => {
    stack = await startStack({ clusterName: CLUSTER });
    api = await RawApi.of(stack.kubernetes);
    objects = new Objects(stack);
    attachments = await timed('objects made', () => seedObjects(api, PAIRS));
    await timed('workflows started', () => seedWorkflows(stack.temporal, attachments));
    atStart = await flushedCounts();
    await timed('watcher ready', async () => {
      watcher = await startController(stack, { role: 'watcher', env: { MULTI_ENI_AUDIT_INTERVAL: '1h' } });
      await watcher.whenReady(PATIENCE.timeoutMs);
    });
  });
  after(async () => {
    console.log(`      ${times.join(', ')}`);
    api.close();
    await watcher?.process.stop();
    await stack.stop();
  });

  it('has exact counts, rows of some and conditions of all, in less than 1 MiB', async () => {
    await timed('status written', () =>
      eventually('the status counts all', async () => (await status())?.attached === PAIRS, PATIENCE),
    );

    const text = await api.get(`${NODE_ENIS_PATH}/${NAME}`);
    const { conditions, attachments: rows, ...counts } = (JSON.parse(text) as { status: NodeEniStatus }).status;
    assert.deepEqual(counts, {
      ...{ desired: PAIRS, attached: PAIRS, updated: PAIRS, blocked: 0, unavailable: 0, skipped: 0 },
      ...{ attachmentsTruncated: PAIRS > ROWS, observedGeneration: 1 },
    });
    assert.equal(rows.length, Math.min(PAIRS, ROWS));
    assert.equal(new Set(rows.map(({ nodeID }) => nodeID)).size, rows.length);
    assert.deepEqual(
      conditions.map(({ type, status, reason }) => [type, status, reason]),
      [
        ['Ready', 'True', 'AllAttached'],
        ['Progressing', 'False', 'Complete'],
        ['SlotConflict', 'False', 'NoConflict'],
      ],
    );
    times.push(`the object has ${Math.round(text.length / 1024)} KiB`);
    assert.ok(text.length < 1024 ** 2, `${text.length} bytes`);
  });

  it('is taken over at start with one write of its status: no start, no signal, no EC2 call, no Attachment touched', async () => {
    await labelNode(stack, attachments[0]!.spec.nodeName, { rack: '7' });
    await eventually('the watcher has looked twice', async () => (await passes()) >= 2, PATIENCE);
    const now = await flushedCounts();

    assert.deepEqual(between(atStart, now), {
      kubernetes: { 'PATCH nodes': 1, 'PATCH nodeenis/status': 1 }, // ours is the one of the node
      temporal: { SignalWorkflowExecution: 1 }, // ours
      ec2: {},
    });
    const { watcher: mib = 0 } = memoryMib({ watcher: watcher!.process.pid });
    times.push(`the watcher has ${Math.round(mib)} MiB`);
  });

  it('is deleted: each workflow is told once, and the finalizer goes once, after the last Attachment', async () => {
    const before = await countsOf(stack);

    await objects.deleteNodeEni(NAME);
    const words = `${PAIRS} ENIs are being released`;
    await timed('Attachments deleted', () => eventually(words, async () => (await progress()) === words, PATIENCE));
    const left = await items();
    await timed('workflows told', () =>
      eventually('every workflow is told', async () => (await told()) >= PAIRS, PATIENCE),
    );
    const nodeEni = await objects.nodeEni(NAME);
    await timed('finalizers taken off', () => api.writeAll(left.map(released)));
    await timed('NodeENI gone', () =>
      eventually('it is gone', async () => (await objects.nodeEni(NAME)) === null, PATIENCE),
    );

    assert.equal(left.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).length, PAIRS);
    assert.equal(nodeEni?.metadata.finalizers?.length, 1);
    const { kubernetes, ec2 } = between(before, await countsOf(stack));
    assert.equal(kubernetes['DELETE nodeeniattachments'], PAIRS);
    assert.equal(kubernetes['PATCH nodeenis'], 1);
    assert.deepEqual([await told(), ec2], [PAIRS, {}]);
  });

  async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const cpu = cpuOfAll();
    const begin = performance.now();
    const result = await work();
    const seconds = (performance.now() - begin) / 1000;
    times.push(`${what} in ${seconds.toFixed(1)} s (${(cpuOfAll() - cpu).toFixed(1)} s of CPU)`);
    return result;
  }

  function cpuOfAll(): number {
    const { kubernetes, temporal } = stack;
    const watching = watcher === undefined ? {} : { watcher: watcher.process.pid };
    return total(cpuSeconds({ kubernetes: kubernetes.pid, temporal: temporal.pid, test: process.pid, ...watching }));
  }

  async function status(): Promise<NodeEniStatus | undefined> {
    return (await objects.nodeEni(NAME))?.status as NodeEniStatus | undefined;
  }

  async function progress(): Promise<string | undefined> {
    return (await status())?.conditions.find(({ type }) => type === 'Progressing')?.message;
  }

  async function passes(): Promise<number> {
    const metrics = await (await fetch(watcher!.metricsUrl)).text();
    return Number(/^multi_eni_watcher_passes_total\{result="ok"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
  }

  async function told(): Promise<number> {
    return (await temporalRequests(stack))['SignalWithStartWorkflowExecution'] ?? 0;
  }

  /** Temporal shows its counts once a second: when it shows a signal of ours, it shows all that came before. */
  async function flushedCounts(): Promise<Counts> {
    const before = await countsOf(stack);
    await signalOne(stack.temporal, pairWorkflowId(CLUSTER, NAME, attachments[0]!.spec.nodeName));
    return eventually('Temporal has counted a signal', async () => {
      const now = await countsOf(stack);
      return between(before, now).temporal['SignalWorkflowExecution'] === 1 && now;
    });
  }

  async function items(): Promise<Item[]> {
    return (JSON.parse(await api.get(ATTACHMENTS_PATH)) as { items: Item[] }).items;
  }
});

interface Item {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
}

/** As a worker does when the ENI is gone. */
function released(item: Item): { method: 'PUT'; path: string; body: object } {
  const body = { ...item, metadata: { ...item.metadata, finalizers: [] } };
  return { method: 'PUT', path: `${ATTACHMENTS_PATH}/${item.metadata.name}`, body };
}
