import assert from 'node:assert/strict';

import type { Attachment } from '../../../src/domain/attachment.js';
import { pairWorkflowId } from '../../../src/domain/names.js';
import { Waker } from '../../../src/watcher/waker.js';
import { attachment, CLUSTER } from '../../support/builders.js';
import { FakeWorkflows, silent } from './fakes.js';

const SETTLED = attachment({ status: { phase: 'Attached', observedGeneration: 1 } });
const ID = pairWorkflowId(CLUSTER, 'storage', 'node-1');

describe('the waker', () => {
  let workflows: FakeWorkflows;
  let waker: Waker;

  beforeEach(() => {
    workflows = new FakeWorkflows();
    waker = new Waker(CLUSTER, workflows, silent);
  });

  async function wakes(...attachments: Attachment[]): Promise<number> {
    const before = workflows.woken.length;
    await waker.wakeChanged(attachments);
    return workflows.woken.length - before;
  }

  it('tells a new Attachment’s workflow, once, whom to look after and where', async () => {
    assert.equal(await wakes(attachment()), 1);
    assert.equal(await wakes(attachment()), 0);
    const { name, uid } = attachment();
    const target = { clusterName: CLUSTER, nodeEniName: 'storage', nodeName: 'node-1', name, uid };
    assert.deepEqual(workflows.woken, [{ target, instanceId: 'i-0a1' }]);
  });

  it('wakes for a new generation and for a deletion', async () => {
    await wakes(attachment());

    assert.equal(await wakes(attachment({ generation: 2 })), 1);
    assert.equal(await wakes(attachment({ generation: 2, deleting: true })), 1);
  });

  it('wakes nobody for status writes, annotations and finalizers', async () => {
    await wakes(attachment());

    assert.equal(await wakes(SETTLED), 0);
    assert.equal(await wakes(attachment({ released: true, hasFinalizer: false })), 0);
  });

  it('tries again what failed, and says how many did', async () => {
    workflows.failing = true;
    assert.deepEqual(await waker.wakeChanged([attachment()]), { failed: 1, left: 0 });
    workflows.failing = false;

    assert.equal(await wakes(attachment()), 1);
  });

  it('says in the log which Attachment or workflow could not be told', async () => {
    const warned: object[] = [];
    waker = new Waker(CLUSTER, workflows, { ...silent, warn: (fields) => warned.push(fields) });
    workflows.ids.add('another');
    workflows.failing = true;
    await waker.adopt([]);
    await waker.wakeChanged([attachment()]);

    const error = 'Error: Temporal is away';
    assert.deepEqual(warned, [
      { attachment: attachment().name, error },
      { workflowId: 'another', error },
    ]);
  });

  it('wakes nobody at a start whose pair is settled and whose workflow runs', async () => {
    workflows.ids.add(ID);
    await waker.adopt([SETTLED]);

    assert.equal(await wakes(SETTLED), 0);
  });

  for (const [title, one, runs] of [
    ['has no workflow', SETTLED, false],
    ['is not attached', attachment({ status: { phase: 'Blocked', observedGeneration: 1 } }), true],
    ['is about to be changed', attachment({ generation: 2, status: SETTLED.status }), true],
    ['is about to go', attachment({ deleting: true, status: SETTLED.status }), true],
  ] as const) {
    it(`wakes at a start a pair that ${title}`, async () => {
      if (runs) workflows.ids.add(ID);
      await waker.adopt([one]);

      assert.equal(await wakes(one), 1);
    });
  }

  it('wakes ever more rarely at a resync a pair that is not settled, though its workflow runs', async () => {
    workflows.ids.add(ID);
    const counts: number[] = [];
    for (let resync = 0; resync < 5; resync += 1) {
      await waker.adopt([attachment()]);
      counts.push(await wakes(attachment()));
    }

    assert.deepEqual(counts, [1, 1, 0, 1, 0]);
  });

  it('wakes again at a resync a pair whose workflow was lost', async () => {
    await wakes(SETTLED);
    await waker.adopt([SETTLED]);

    assert.equal(await wakes(SETTLED), 1);
  });

  it('tells, once, a workflow that runs without an Attachment to look again', async () => {
    workflows.ids.add(ID).add('another');
    await waker.adopt([SETTLED]);

    workflows.failing = true;
    assert.deepEqual(await waker.wakeChanged([SETTLED]), { failed: 1, left: 0 });
    workflows.failing = false;
    assert.equal(await wakes(SETTLED), 0);
    assert.equal(await wakes(SETTLED), 0);

    assert.deepEqual(workflows.lookedAgain, ['another']);
  });

  it('wakes once for an Attachment that went without a release', async () => {
    await wakes(attachment());

    assert.equal(await wakes(), 1);
    assert.equal(await wakes(), 0);
  });

  it('tries again to wake for an Attachment that went without a release', async () => {
    await wakes(attachment());
    workflows.failing = true;
    assert.deepEqual(await waker.wakeChanged([]), { failed: 1, left: 0 });
    workflows.failing = false;

    assert.equal(await wakes(), 1);
  });

  it('wakes nobody for an Attachment that went as it should', async () => {
    await wakes(attachment({ deleting: true }));

    assert.equal(await wakes(), 0);
  });
});
