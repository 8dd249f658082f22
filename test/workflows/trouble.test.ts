import assert from 'node:assert/strict';

import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';

import { eventually } from '../../dev/stack/eventually.js';
import { bundled, PairLab } from '../support/builders-temporal.js';
import { CloudFailure } from '../support/builders-cloud.js';
import { instance } from '../support/builders.js';

const LOST = new CloudFailure('transient', 'Ec2Unavailable', false);

describe('the workflow of a pair in trouble', function () {
  this.timeout(60_000);
  let env: TestWorkflowEnvironment;
  let bundle: WorkflowBundleWithSourceMap;
  let lab: PairLab;

  before(async () => {
    bundle = await bundled();
    env = await PairLab.server();
  });
  after(() => env.teardown());
  afterEach(() => lab.stop());

  it('says why it is blocked, and goes on at once when a signal wakes it', async () => {
    lab = await PairLab.start(env, bundle);
    lab.cloud.instance = null;
    await lab.life();
    await lab.status('it is blocked', ({ reason }) => reason === 'InstanceNotFound');
    assert.deepEqual(lab.cloud.changes, []);
    assert.notEqual((await lab.state()).nextLookAt, null);

    lab.cloud.instance = instance();
    await lab.signal();
    await lab.attached();

    assert.equal(lab.cloud.attachment?.status.reason, undefined);
    assert.equal((await lab.state()).nextLookAt, null);
  });

  it('looks again by itself with back-off while it is blocked', async () => {
    lab = await PairLab.start(env, bundle);
    lab.cloud.instance = null;
    await lab.life();
    await eventually('it was blocked three times', async () => ((await lab.state()).memory.block?.attempts ?? 0) >= 3);
    lab.cloud.instance = instance();

    await lab.attached();
    assert.equal((await lab.state()).memory.block, null);
  });

  it('goes on by itself when EC2 refused, with another attempt of the same create', async () => {
    lab = await PairLab.start(env, bundle);
    lab.cloud.fail('createEni', 'before', new CloudFailure('refused', 'QuotaReached', true));
    await lab.life();
    await lab.attached();

    const reasons = lab.cloud.statuses.map(({ reason }) => reason);
    assert.ok(reasons.includes('QuotaReached'));
    const tokens = lab.cloud.calls.filter((call) => call.startsWith('createEni'));
    assert.equal(new Set(tokens).size, 1);
  });

  it('makes one ENI when the answer of its create call is lost', async () => {
    lab = await PairLab.start(env, bundle);
    lab.cloud.fail('createEni', 'after', LOST);
    await lab.life();
    await lab.attached();

    assert.equal(lab.cloud.enis.size, 1);
    const tokens = lab.cloud.calls.filter((call) => call.startsWith('createEni'));
    assert.deepEqual([tokens.length, new Set(tokens).size], [2, 1]);
  });

  it('attaches once when the answer of the attach call is lost', async () => {
    lab = await PairLab.start(env, bundle);
    lab.cloud.fail('attachEni', 'after', LOST);
    await lab.life();
    await lab.attached();

    assert.equal(lab.cloud.enis.size, 1);
  });

  it('gives a wait for EC2 up when the Attachment is deleted meanwhile', async () => {
    lab = await PairLab.start(env, bundle);
    lab.cloud.looksToAttach = Infinity;
    await lab.life();
    await lab.status('it is attaching', ({ phase }) => phase === 'Attaching');
    await eventually('it waits for EC2', async () => {
      const { raw } = await lab.handle.describe();
      return raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'verifyEni');
    });
    lab.cloud.remove();
    await lab.signal();

    assert.equal(await lab.end(), 'COMPLETED');
    assert.equal(lab.cloud.enis.size, 0);
  });

  it('replaces an ENI that stayed attaching, after a back-off', async () => {
    let condemned = true;
    lab = await PairLab.start(env, bundle, (real) => ({
      verifyEni: async (ref) => {
        if (!condemned || ref.until !== 'attached') return real.verifyEni(ref);
        condemned = false;
        const detail = { reason: 'AttachTimeout', message: 'it stayed attaching', definite: false };
        throw ApplicationFailure.create({ type: 'Blocked', nonRetryable: true, details: [detail] });
      },
    }));
    await lab.life();
    await lab.attached();

    const calls = lab.cloud.changes.filter((call) => call !== 'configureEni');
    assert.deepEqual(calls, ['createEni', 'attachEni', 'detachEni', 'deleteEni', 'createEni', 'attachEni']);
    assert.ok(lab.cloud.statuses.some(({ reason }) => reason === 'AttachTimeout'));
    assert.equal(lab.cloud.enis.size, 1);
    assert.equal(lab.cloud.tokens.size, 2);
  });

  it('leaves an ENI alone that lost its tags', async () => {
    lab = await PairLab.start(env, bundle);
    await lab.life();
    await lab.attached();
    const [eniId = ''] = lab.cloud.enis.keys();
    lab.cloud.byHand(eniId, { tags: {} });
    const before = lab.cloud.calls.length;
    await lab.signal();
    await lab.status('it is blocked', ({ reason }) => reason === 'NotOurs');

    assert.equal(lab.cloud.calls.length, before);
  });

  it('stands still while it is paused, and goes on after', async () => {
    lab = await PairLab.start(env, bundle);
    lab.cloud.edit({ paused: true });
    await lab.life();
    await lab.status('it is paused', ({ reason }) => reason === 'Paused');
    assert.deepEqual(lab.cloud.changes, []);

    lab.cloud.edit({ paused: false });
    await lab.signal();
    await lab.attached();
  });

  it('reports the status again when Kubernetes did not take it at first', async () => {
    let failures = 2;
    lab = await PairLab.start(env, bundle, (real) => ({
      reportStatus: async (target, status) => {
        if ((failures -= 1) >= 0) throw new Error('503');
        return real.reportStatus(target, status);
      },
    }));
    await lab.life();

    await lab.attached();
  });
});

describe('what people see of a pair', function () {
  this.timeout(60_000);
  let env: TestWorkflowEnvironment;
  let bundle: WorkflowBundleWithSourceMap;

  before(async () => {
    bundle = await bundled();
    env = await PairLab.server(false);
  });
  after(() => env.teardown());

  it('is in the Web UI and the query, also where the search attributes are not registered', async () => {
    const lab = await PairLab.start(env, bundle);
    await lab.life(false);
    await lab.attached();

    const { status, target, memory } = await lab.state();
    const metadata = await lab.handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    await lab.stop();

    assert.equal(status?.phase, 'Attached');
    assert.equal(target.uid, lab.cloud.target.uid);
    assert.equal(memory.eniId, status.eniId);
    assert.match(metadata.currentDetails ?? '', /### Attached[^]*eni-1/);
  });
});
