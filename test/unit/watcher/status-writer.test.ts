import assert from 'node:assert/strict';
import { mock } from 'node:test';

import type { NodeEniStatus } from '../../../src/domain/node-eni-status.js';
import { StatusWriter } from '../../../src/watcher/status-writer.js';
import { nodeEni } from '../../support/builders.js';
import { FakeKubernetes, silent } from './fakes.js';

function status(attached: number): NodeEniStatus {
  const counts = { desired: 9, blocked: 0, updated: 0, unavailable: 0, skipped: 0 };
  return { observedGeneration: 1, attached, ...counts, attachmentsTruncated: false, conditions: [], attachments: [] };
}

describe('the writer of NodeENI statuses', () => {
  let kubernetes: FakeKubernetes;
  let writer: StatusWriter;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
    kubernetes = new FakeKubernetes();
    writer = new StatusWriter(kubernetes, silent);
  });
  afterEach(() => mock.timers.reset());

  /** Lets time pass in small steps, and promises settle in between. */
  async function pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed <= milliseconds; passed += 100) {
      if (passed > 0) mock.timers.tick(100);
      else mock.timers.tick(0);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  }

  function written(): number[] {
    return kubernetes.statuses.map((one) => one.status.attached);
  }

  it('writes the first one at once', async () => {
    writer.offer(nodeEni(), status(1));
    await pass(0);

    assert.deepEqual(written(), [1]);
  });

  it('writes at most once a second, always the latest', async () => {
    for (let count = 0; count < 30; count += 1) {
      writer.offer(nodeEni(), status(count));
      await pass(100);
    }
    await pass(1_000);

    assert.ok(written().length <= 5, `${written().length} writes in about 3 s`);
    assert.equal(written().at(-1), 29);
  });

  it('writes nothing when nothing changed, nor when a change is taken back in time', async () => {
    writer.offer(nodeEni(), status(1));
    await pass(100);
    writer.offer(nodeEni(), status(1));
    writer.offer(nodeEni(), status(2));
    writer.offer(nodeEni(), status(1));
    await pass(3_000);

    assert.deepEqual(written(), [1]);
  });

  it('does not let one NodeENI wait for another', async () => {
    writer.offer(nodeEni({ name: 'a' }), status(1));
    writer.offer(nodeEni({ name: 'b' }), status(1));
    await pass(0);

    assert.deepEqual(
      kubernetes.statuses.map(({ name }) => name),
      ['a', 'b'],
    );
  });

  it('tries again after a failure', async () => {
    kubernetes.failing.add('status');
    writer.offer(nodeEni(), status(1));
    await pass(1_500);
    kubernetes.failing.clear();
    await pass(2_000);

    assert.deepEqual(written(), [1]);
  });

  it('drops what is pending when it stops or the NodeENI is gone', async () => {
    writer.offer(nodeEni({ name: 'a' }), status(1));
    writer.offer(nodeEni({ name: 'b' }), status(1));
    writer.retain(new Set(['uid-a']));
    await pass(0);
    writer.offer(nodeEni({ name: 'a' }), status(2));
    writer.stop();
    await pass(2_000);

    assert.deepEqual(
      kubernetes.statuses.map(({ name }) => name),
      ['a'],
    );
  });

  it('ends with the latest status when that is the one before the write under way', async () => {
    writer.offer(nodeEni(), status(1));
    await pass(1_500);
    const gate = Promise.withResolvers<undefined>();
    kubernetes.gate = gate.promise;
    writer.offer(nodeEni(), status(2));
    await pass(0);
    writer.offer(nodeEni(), status(1));
    gate.resolve(undefined);
    await pass(3_000);

    assert.equal(written().at(-1), 1);
  });

  it('does not write again what a write under way already says', async () => {
    const gate = Promise.withResolvers<undefined>();
    kubernetes.gate = gate.promise;
    writer.offer(nodeEni(), status(1));
    await pass(0);
    writer.offer(nodeEni(), status(1));
    gate.resolve(undefined);
    await pass(3_000);

    assert.deepEqual(written(), [1]);
  });

  it('does not try again after a stop', async () => {
    kubernetes.failing.add('status');
    const gate = Promise.withResolvers<undefined>();
    kubernetes.gate = gate.promise;
    writer.offer(nodeEni(), status(1));
    await pass(0);
    writer.stop();
    gate.resolve(undefined);
    await pass(5_000);

    assert.equal(kubernetes.writes.length, 1);
  });
});
