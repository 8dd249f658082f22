import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { cpuSeconds } from '../../dev/bench/machine.js';
import { holdToCpuShare } from '../../dev/stack/cpu-share.js';
import { eventually } from '../../dev/stack/eventually.js';
import { pairsOf } from '../../dev/world/pairs-of.js';
import { WorkerApart } from './support/worker-apart.js';

const NODES = 20;

/** Of one CPU. */
const SHARE = 0.2;

/** What may be measured: CPU time is counted in hundredths of a second, and a stop comes a little late. */
const MOST_SHARE = 0.25;

/** Of the looks at it, those at which it has to stand still: four fifths of the time, and some chance. */
const LEAST_STILL = 0.65;

/** No divisor of the rounds in which it is held. */
const LOOK_MS = 37;

const PATIENCE = { timeoutMs: 120_000, intervalMs: 500 };

describe(`a worker with ${SHARE} of a CPU`, function () {
  this.timeout(300_000);
  let apart: WorkerApart;
  let letGo: () => void;

  before(async () => {
    apart = await WorkerApart.start();
    letGo = holdToCpuShare(apart.pid, SHARE);
  });
  after(async () => {
    letGo();
    await apart.stop();
  });

  it(`gives ${NODES} nodes that come at once one ENI each, and changes them all at once`, async () => {
    const { world } = apart;
    const description = 'changed for all at once';
    const begun = { at: performance.now(), cpu: cpu() };
    const looks: boolean[] = [];
    const looking = setInterval(() => looks.push(standsStill()), LOOK_MS);
    const nodes = await pairsOf(world, 'slow', NODES);
    await world.pairs.untilAttached('slow', nodes, PATIENCE.timeoutMs);

    await world.objects.patchNodeEni('slow', { spec: { description } });
    await eventually('all pairs have the change', async () => (await changed(description)) === NODES, PATIENCE);
    await world.pairs.untilAttached('slow', nodes, PATIENCE.timeoutMs);
    const share = (cpu() - begun.cpu) / ((performance.now() - begun.at) / 1_000);
    clearInterval(looking);
    const still = looks.filter(Boolean).length / looks.length;

    assert.ok(share <= MOST_SHARE, `it had ${share.toFixed(2)} of a CPU`);
    assert.ok(still >= LEAST_STILL, `it stood still at ${still.toFixed(2)} of the looks`);
    const made = await Promise.all(nodes.map(async (node) => world.pairs.everMade('slow', node)));
    assert.deepEqual(new Set(made.map(({ length }) => length)), new Set([1]));
    const { byAction } = await world.stack.ec2.control.counts();
    assert.deepEqual([byAction['AttachNetworkInterface'], byAction['DetachNetworkInterface']], [NODES, undefined]);
    await world.pairs.untilWorkflows('slow', 'Running', NODES);
    assert.deepEqual(await apart.failedTasks('slow'), []);
  });

  function cpu(): number {
    return cpuSeconds({ worker: apart.pid })['worker'] ?? 0;
  }

  function standsStill(): boolean {
    return /^State:\s+T/m.test(readFileSync(`/proc/${apart.pid}/status`, 'utf8'));
  }

  /** How many pairs say that they are attached as wanted, of those whose ENI has the description. */
  async function changed(description: string): Promise<number> {
    const [enis, attachments] = await Promise.all([
      apart.world.pairs.enis('slow'),
      apart.world.objects.attachments('slow'),
    ]);
    const ids = new Set(enis.filter((eni) => eni.description === description).map(({ id }) => id));
    const told = attachments.filter(({ status }) => status?.phase === 'Attached' && status['observedGeneration'] === 2);
    return told.filter(({ status }) => ids.has(status?.eniID ?? '')).length;
  }
});
