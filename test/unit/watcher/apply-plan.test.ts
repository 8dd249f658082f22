import assert from 'node:assert/strict';

import { pairKey } from '../../../src/domain/pairing/desired.js';
import { planAttachments, type AttachmentPlan } from '../../../src/domain/pairing/plan-attachments.js';
import { applyPlan } from '../../../src/watcher/apply-plan.js';
import { concurrently } from '../../../src/watcher/concurrently.js';
import { FlapGuard } from '../../../src/watcher/flap-guard.js';
import { Waker } from '../../../src/watcher/waker.js';
import { stored, view } from '../../support/builders-plan.js';
import { attachment, attachmentSpec, CLUSTER, node, nodeEni, NOW } from '../../support/builders.js';
import { FakeKubernetes, FakeWorkflows, silent } from './fakes.js';

const NOTHING = planAttachments(view());

describe('carrying out a plan', () => {
  let kubernetes: FakeKubernetes;
  let workflows: FakeWorkflows;
  let flapGuard: FlapGuard;

  beforeEach(() => {
    kubernetes = new FakeKubernetes();
    workflows = new FakeWorkflows();
    flapGuard = new FlapGuard();
  });

  async function apply(plan: Partial<AttachmentPlan>): Promise<number> {
    const waker = new Waker(CLUSTER, workflows, silent);
    return applyPlan({ ...NOTHING, ...plan }, { writes: kubernetes, waker, flapGuard, log: silent });
  }

  it('removes before it updates, and puts finalizers on before it creates', async () => {
    const old = stored(attachmentSpec({ nodeName: 'old' }));
    const kept = stored(attachmentSpec({ nodeName: 'kept' }));

    await apply({
      create: [attachmentSpec({ nodeName: 'new' })],
      update: [{ attachment: kept, spec: kept.spec }],
      remove: [{ attachment: old, cause: 'replaced' }],
      addFinalizer: [nodeEni({ name: 'a' })],
      removeFinalizer: [nodeEni({ name: 'b' })],
    });

    const order = ['remove old.0.1', 'update kept.0.1', 'addFinalizer a', 'create new.0.1', 'removeFinalizer b'];
    assert.deepEqual(kubernetes.writes, order);
  });

  it('starts the workflow of each Attachment that it made', async () => {
    await apply({ create: [attachmentSpec()] });

    const [made] = kubernetes.attachments.values();
    assert.deepEqual(
      workflows.woken.map(({ target }) => target.uid),
      [made?.uid],
    );
  });

  it('starts nothing for a slot that is taken', async () => {
    await kubernetes.createAttachment(attachmentSpec({ nodeEni: { name: 'other', uid: 'uid-other' } }));

    assert.equal(await apply({ create: [attachmentSpec()] }), 0);
    assert.deepEqual(workflows.woken, []);
  });

  it('leaves the finalizer while the API server still has an Attachment', async () => {
    await kubernetes.createAttachment(attachmentSpec());

    await apply({ removeFinalizer: [nodeEni()] });

    assert.ok(!kubernetes.writes.includes('removeFinalizer storage'));
  });

  it('goes on after failures and counts them', async () => {
    kubernetes.failing.add('remove');
    const old = [1, 2].map((number) => stored(attachmentSpec({ nodeName: `old-${number}` })));

    const failed = await apply({
      remove: old.map((one) => ({ attachment: one, cause: 'ownerGone' as const })),
      create: [attachmentSpec()],
    });

    assert.equal(failed, 2);
    assert.equal(workflows.woken.length, 1);
  });

  it('holds the next life of a pair that stopped matching, and of no other', async () => {
    const gone = stored(attachmentSpec());
    const replaced = stored(attachmentSpec({ nodeName: 'node-2' }));

    await apply({
      remove: [
        { attachment: gone, cause: 'unmatched' },
        { attachment: replaced, cause: 'replaced' },
      ],
    });

    assert.deepEqual([...flapGuard.holds], [[pairKey('uid-storage', 'node-1'), NOW + 31_000]]);
  });
});

describe('the flap guard', () => {
  it('holds a pair for 30 s, and the second that a creation time is cut by, from the beginning of its last life, so that an old one waits for nothing', () => {
    const guard = new FlapGuard();
    guard.hold(attachment({ createdAt: new Date(NOW).toISOString() }));

    guard.prune(NOW + 30_999);
    assert.equal(guard.holds.size, 1);
    guard.prune(NOW + 31_000);
    assert.equal(guard.holds.size, 0);
  });

  it('makes a plan wait', () => {
    const guard = new FlapGuard();
    guard.hold(attachment({ createdAt: new Date(NOW).toISOString() }));

    const plan = planAttachments(view({ nodes: [node(1)], nodeEnis: [nodeEni()], heldUntil: guard.holds }));

    assert.deepEqual([plan.create.length, plan.lookAgainAt], [0, NOW + 31_000]);
  });
});

describe('running tasks concurrently', () => {
  it('has at most as many under way as allowed, and does all of them', async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];

    await concurrently(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
      done.push(item);
    });

    assert.deepEqual([most, done.length], [3, 7]);
  });

  it('returns what failed and does the rest', async () => {
    const failures = await concurrently(2, ['a', 'b', 'c'], async (item) => {
      if (item === 'b') throw new Error('no');
    });

    assert.deepEqual(
      failures.map(({ item }) => item),
      ['b'],
    );
    assert.deepEqual(await concurrently(2, [], async () => undefined), []);
  });
});
