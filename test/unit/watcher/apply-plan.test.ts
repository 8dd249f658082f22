import assert from 'node:assert/strict';

import type { AttachmentSpec } from '../../../src/domain/attachment.js';
import { pairKey } from '../../../src/domain/pairing/desired.js';
import { planAttachments, type AttachmentPlan } from '../../../src/domain/pairing/plan-attachments.js';
import { applyPlan } from '../../../src/watcher/apply-plan.js';
import type { Remainder } from '../../../src/watcher/batch.js';
import { FlapGuard } from '../../../src/watcher/flap-guard.js';
import { Waker } from '../../../src/watcher/waker.js';
import { stored, view } from '../../support/builders-plan.js';
import { attachment, attachmentSpec, CLUSTER, node, nodeEni, NOW } from '../../support/builders.js';
import { FakeKubernetes, FakeWorkflows, silent } from './fakes.js';

/** More than a batch. */
const MANY = 1_000;

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

  async function apply(plan: Partial<AttachmentPlan>): Promise<Remainder> {
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

    assert.deepEqual(await apply({ create: [attachmentSpec()] }), { failed: 0, left: 0 });
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

    const remainder = await apply({
      remove: old.map((one) => ({ attachment: one, cause: 'ownerGone' as const })),
      create: [attachmentSpec()],
    });

    assert.deepEqual(remainder, { failed: 2, left: 0 });
    assert.equal(workflows.woken.length, 1);
  });

  it('does a batch of each kind, and says how many are left', async () => {
    const old = specs('old').map((spec) => ({ attachment: stored(spec), cause: 'ownerGone' as const }));

    const remainder = await apply({ remove: old, create: specs('new') });

    assert.ok(kubernetes.attachments.size > 0 && kubernetes.attachments.size < MANY);
    assert.deepEqual(remainder, { failed: 0, left: 2 * MANY - kubernetes.writes.length });
    assert.equal(kubernetes.writes.filter((write) => write.startsWith('create')).length, kubernetes.attachments.size);
  });

  it('gives all the others their turn when more than a batch fail', async () => {
    kubernetes.failing.add('remove');
    const old = specs('old').map((spec) => ({ attachment: stored(spec), cause: 'ownerGone' as const }));

    assert.deepEqual(await apply({ remove: old }), { failed: MANY, left: 0 });
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

    assert.deepEqual([...flapGuard.holds], [[pairKey('uid-storage', node(1).uid), NOW + 31_000]]);
  });
});

function specs(prefix: string): AttachmentSpec[] {
  return Array.from({ length: MANY }, (_, index) => attachmentSpec({ nodeName: `${prefix}-${index}` }));
}

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
