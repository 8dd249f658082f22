import assert from 'node:assert/strict';

import { eventually } from '../../../dev/stack/eventually.js';
import type { ClusterNode } from '../../../src/domain/node.js';
import type { Cache } from '../../../src/watcher/ports.js';
import { Watcher } from '../../../src/watcher/watcher.js';
import { node, nodeEni } from '../../support/builders.js';
import { FakeKubernetes, FakeWorkflows, silent } from './fakes.js';

const NODE = node(1);

type Pass = readonly [result: 'ok' | 'failed', ms: number];

function cache<T>(values: readonly T[]): Cache<T> {
  return { synced: true, unreadable: [], values: () => values };
}

describe('the watcher', () => {
  let passes: Pass[];
  let workflows: FakeWorkflows;
  let watcher: Watcher | undefined;

  beforeEach(() => {
    passes = [];
    workflows = new FakeWorkflows();
  });
  afterEach(async () => watcher?.stop());

  function start(nodes: Cache<ClusterNode> = cache([NODE]), leads?: () => boolean): void {
    watcher = new Watcher({
      clusterName: 'test',
      caches: {
        nodes,
        nodeEnis: cache([nodeEni({ hasFinalizer: true, spec: { nodeSelector: NODE.labels } })]),
        attachments: cache([]),
      },
      writes: new FakeKubernetes(),
      workflows,
      recorder: { record: () => undefined },
      log: silent,
      resyncMs: 60_000,
      onPass: (...pass) => passes.push(pass),
      ...(leads === undefined ? {} : { leads }),
    });
    watcher.start();
  }

  it('tells of a pass that went through, and how long it took', async () => {
    start();
    await eventually('there was a pass', () => passes.length > 0);

    const [[result, ms] = ['failed', -1]] = passes;
    assert.equal(result, 'ok');
    assert.ok(ms >= 0);
    assert.equal(workflows.woken.length, 1);
  });

  it('tells of a pass that left something to be tried again', async () => {
    workflows.failing = true;
    start();
    await eventually('there was a pass', () => passes.length > 0);

    assert.equal(passes[0]?.[0], 'failed');
  });

  it('tells of no pass while a cache is not complete', async () => {
    let looks = 0;
    const incomplete: Cache<ClusterNode> = {
      ...cache([NODE]),
      get synced() {
        looks += 1;
        return false;
      },
    };
    start(incomplete);
    await eventually('the watcher has looked', () => looks > 0);

    assert.deepEqual(passes, []);
  });

  it('does nothing while another leads, and everything once it leads itself', async () => {
    let leads = false;
    let asked = 0;
    start(cache([NODE]), () => {
      asked += 1;
      return leads;
    });
    await eventually('it has asked', () => asked > 0);
    const before = { passes: passes.length, woken: workflows.woken.length };

    leads = true;
    watcher?.takeOver();
    await eventually('there was a pass', () => passes.length > 0);

    assert.deepEqual(before, { passes: 0, woken: 0 });
    assert.equal(workflows.woken.length, 1);
  });
});
