import assert from 'node:assert/strict';

import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';

import { bundled, PairLab } from '../support/builders-temporal.js';
import { attachment, instance } from '../support/builders.js';

describe('the workflow of a pair', function () {
  this.timeout(60_000);
  let env: TestWorkflowEnvironment;
  let bundle: WorkflowBundleWithSourceMap;
  let lab: PairLab;

  before(async () => {
    bundle = await bundled();
    env = await PairLab.server();
  });
  after(() => env.teardown());
  beforeEach(async () => void (lab = await PairLab.start(env, bundle)));
  afterEach(() => lab.stop());

  it('makes an ENI, attaches it, and gives it every attribute', async () => {
    await lab.life();
    await lab.attached();

    const [eni] = lab.cloud.ownedBy(lab.cloud.target.uid);
    assert.equal(eni?.attachment?.deviceIndex, 1);
    assert.equal(eni.attachment.deleteOnTermination, true);
    assert.deepEqual(lab.cloud.changes, ['createEni', 'attachEni', 'configureEni']);
    assert.equal(lab.cloud.attachment?.status.eniId, eni.eniId);
  });

  it('detaches and deletes the ENI, lets go of the Attachment, and completes', async () => {
    await lab.life();
    await lab.attached();
    lab.cloud.remove();
    await lab.signal();

    assert.equal(await lab.end(), 'COMPLETED');
    assert.equal(lab.cloud.attachment, null);
    assert.equal(lab.cloud.enis.size, 0);
    assert.deepEqual(lab.cloud.calls.slice(-1), ['release']);
    assert.deepEqual(lab.cloud.changes.slice(-2), ['detachEni', 'deleteEni']);
  });

  it('changes attributes in place', async () => {
    await lab.life();
    await lab.attached();
    lab.cloud.edit({ description: 'another', sourceDestCheck: false });
    await lab.signal();
    await lab.attached();

    const [eni] = lab.cloud.ownedBy(lab.cloud.target.uid);
    assert.deepEqual([eni?.description, eni?.sourceDestCheck], ['another', false]);
    assert.deepEqual(lab.cloud.changes, ['createEni', 'attachEni', 'configureEni', 'configureEni']);
  });

  it('changes nothing for signals that bring nothing new', async () => {
    await lab.life();
    await lab.attached();
    const [calls, statuses] = [lab.cloud.calls.length, lab.cloud.statuses.length];

    for (let signals = 0; signals < 20; signals += 1) await lab.signal();
    const { memory, status } = await lab.state();

    assert.equal(status?.phase, 'Attached');
    assert.equal(memory.eniId, lab.cloud.attachment?.status.eniId);
    assert.deepEqual([lab.cloud.calls.length, lab.cloud.statuses.length], [calls, statuses]);
  });

  it('attaches an ENI again that was detached by hand, and says nothing wrong of the instance', async () => {
    await lab.life();
    await lab.attached();
    const [eni] = lab.cloud.ownedBy(lab.cloud.target.uid);
    lab.cloud.byHand(eni?.eniId ?? '', { attachment: null });
    await lab.signal();
    await lab.status(
      'another attachment',
      ({ attachmentId }) => (attachmentId ?? eni?.attachment?.attachmentId) !== eni?.attachment?.attachmentId,
    );
    await lab.attached();

    assert.equal(lab.cloud.enis.size, 1);
    assert.deepEqual(
      lab.cloud.statuses.filter(({ reason }) => reason !== undefined),
      [],
    );
  });

  it('says nothing wrong of the instance while an ENI that is being detached by hand is waited for', async () => {
    await lab.life();
    await lab.attached();
    const [eni] = lab.cloud.ownedBy(lab.cloud.target.uid);
    const where = eni?.attachment;
    assert.ok(eni && where);
    lab.cloud.byHand(eni.eniId, { attachment: { ...where, status: 'detaching' } });
    await lab.signal();
    await lab.status('it waits for the detach', ({ phase }) => phase === 'Detaching');
    lab.cloud.byHand(eni.eniId, { attachment: null });
    await lab.attached();

    assert.deepEqual(
      lab.cloud.statuses.filter(({ reason }) => reason !== undefined),
      [],
    );
  });

  it('makes another ENI for one that was deleted by hand', async () => {
    await lab.life();
    await lab.attached();
    const first = lab.cloud.attachment?.status.eniId;
    lab.cloud.enis.clear();
    await lab.signal();
    await lab.status('another ENI', ({ eniId, phase }) => phase === 'Attached' && eniId !== first);

    assert.equal(lab.cloud.enis.size, 1);
    assert.equal(lab.cloud.tokens.size, 2);
  });

  it('waits for an instance that is starting, then goes on by itself', async () => {
    lab.cloud.instance = instance({ state: 'pending' });
    await lab.life();
    await lab.status('it waits', ({ phase }) => phase === 'Pending');
    lab.cloud.instance = instance();

    await lab.attached();
    const { length } = (await lab.handle.fetchHistory()).events ?? [];
    assert.ok(length < 100, `${length} events for one wait`);
  });

  it('goes on to the next Attachment of the pair in a new run', async () => {
    await lab.life();
    await lab.attached();
    const first = await lab.handle.describe();
    lab.cloud.remove();
    const next = attachment({ uid: 'b0000000-0000-4000-8000-000000000002' });
    await lab.signal();
    await lab.signal({ ...lab.cloud.target, uid: next.uid });
    await lab.status('the first life is over', () => lab.cloud.attachment === null);
    lab.cloud.attachment = next;
    await lab.signal();
    await lab.attached();

    const second = await lab.handle.describe();
    assert.notEqual(second.runId, first.runId);
    assert.equal(lab.cloud.ownedBy(next.uid).length, 1);
    assert.equal(lab.cloud.enis.size, 1);
  });

  it('closes on a cancellation from outside without any change of EC2', async () => {
    await lab.life();
    await lab.attached();
    const before = lab.cloud.calls.length;
    await lab.handle.cancel();

    assert.equal(await lab.end(), 'CANCELLED');
    assert.equal(lab.cloud.calls.length, before);
    assert.equal(lab.cloud.enis.size, 1);
  });
});
