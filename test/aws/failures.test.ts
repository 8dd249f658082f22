import assert from 'node:assert/strict';

import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';

import { seedVpc } from '../../dev/stack/seed.js';
import { Ec2Error } from '../../src/aws/errors.js';
import { mostAtOnce } from '../support/ec2-calls.js';
import { Lab } from './lab.js';

/** Calls until it works, as Temporal would: at once, or after the time that the failure names. */
async function untilDone<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Ec2Error) || error.kind !== 'transient') throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 100));
    }
  }
}

describe('what EC2 refuses', () => {
  const lab = Lab.forTests();

  it('at attach is told apart', async () => {
    const { ec2 } = lab;
    const instanceId = await lab.instance();
    const [held, free, third, fourth] = [await lab.eni(), await lab.eni(), await lab.eni(), await lab.eni()];
    await ec2.attachEni(held, instanceId, 0, 1);

    await assert.rejects(ec2.attachEni(held, instanceId, 0, 2), { kind: 'waiting', reason: 'NotVisibleYet' });
    await assert.rejects(ec2.attachEni(free, instanceId, 0, 1), { kind: 'refused', reason: 'DeviceIndexInUse' });
    await assert.rejects(ec2.attachEni(free, instanceId, 4, 2), { kind: 'refused', reason: 'NetworkCardNotFound' });
    const elsewhere = await lab.instance('m5.large', 'b');
    await assert.rejects(ec2.attachEni(free, elsewhere, 0, 1), { kind: 'refused', reason: 'ZoneMismatch' });
    await ec2.attachEni(third, instanceId, 0, 2);
    await assert.rejects(ec2.attachEni(fourth, instanceId, 0, 3), {
      kind: 'refused',
      reason: 'AttachmentLimitReached',
    });
    const noInstance = ec2.attachEni(free, 'i-0123456789abcdef0', 0, 1);
    await assert.rejects(noInstance, { kind: 'gone', reason: 'InstanceNotFound' });
    const noEni = ec2.attachEni('eni-0123456789abcdef0', instanceId, 0, 1);
    await assert.rejects(noEni, { kind: 'gone', reason: 'NotVisibleYet' });
    await lab.launcher.client.send(new TerminateInstancesCommand({ InstanceIds: [elsewhere] }));
    await assert.rejects(ec2.attachEni(free, elsewhere, 0, 1), { kind: 'waiting' });
  });

  it('at create is told apart', async () => {
    const { ec2 } = lab;
    const foreign = await seedVpc(lab.launcher.client, { network: 1, securityGroups: ['foreign'] });
    await ec2.createEni(lab.intent(), 'token-1');

    const changed = ec2.createEni(lab.intent('n1', { description: 'other' }), 'token-1');
    await assert.rejects(changed, { kind: 'refused', reason: 'TokenMismatch', code: 'IdempotentParameterMismatch' });
    const rows = [
      [{ subnetId: 'subnet-0123456789abcdef0' }, 'SubnetNotFound'],
      [{ securityGroupIds: ['sg-0123456789abcdef0'] }, 'SecurityGroupNotFound'],
      [{ securityGroupIds: [foreign.securityGroupIds['foreign']!] }, 'SecurityGroupVpcMismatch'],
    ] as const;
    for (const [changes, reason] of rows) {
      await assert.rejects(lab.eni('n1', changes), { kind: 'refused', reason, definite: true });
    }
    await lab.launcher.control.config({ eni_per_region: 1 });
    await assert.rejects(lab.eni(), { kind: 'refused', reason: 'QuotaReached' });
  });

  it('at detach and delete is told apart', async () => {
    const { ec2 } = lab;
    const eniId = await lab.eni();
    const instanceId = await lab.instance();
    await ec2.attachEni(eniId, instanceId, 0, 1);
    const instance = await ec2.instance(instanceId);
    const primary = await ec2.eni(instance?.slots.find(({ deviceIndex }) => deviceIndex === 0)?.eniId ?? '');

    const ofPrimary = ec2.detachEni(primary?.attachment?.attachmentId ?? '', false);
    await assert.rejects(ofPrimary, { kind: 'refused', reason: 'NotPermitted' });
    await assert.rejects(ec2.deleteEni(eniId), { kind: 'waiting' });
    await assert.rejects(ec2.detachEni('eni-attach-0123456789abcdef0', false), { kind: 'gone' });
    await assert.rejects(ec2.deleteEni('eni-0123456789abcdef0'), { kind: 'gone' });
  });

  it('for want of the right to tag names that right, and no ENI is made', async () => {
    await lab.launcher.control.config({ denied_actions: ['CreateTags'] });

    await assert.rejects(lab.eni(), {
      kind: 'refused',
      reason: 'PermissionDenied',
      message: /may not call ec2:CreateTags/,
    });

    assert.deepEqual(await lab.launcher.control.enis(), []);
    await lab.launcher.control.config({ denied_actions: [] });
    await lab.eni();
  });

  it('leaves the limits unknown where the controller may not ask for them', async () => {
    await lab.launcher.control.config({ denied_actions: ['DescribeInstanceTypes'] });

    assert.equal((await lab.ec2.instance(await lab.instance()))?.limits, null);
  });

  it('because of the clock is credentials, and is over after it', async () => {
    await lab.launcher.control.config({ clock_skew_s: 1_200 });
    await assert.rejects(lab.eni(), { kind: 'refused', reason: 'CredentialsRejected', message: /the clock/ });

    await lab.launcher.control.config({ clock_skew_s: 0 });
    await lab.eni().catch(() => undefined); // the SDK has adapted to the other clock meanwhile
    await lab.eni();
  });
});

describe('a call that gets no answer', () => {
  const lab = Lab.forTests();

  it('ends in time, and what it did is seen afterwards', async () => {
    const eniId = await lab.eni();
    const instanceId = await lab.instance();
    await lab.launcher.control.faults([{ action: 'AttachNetworkInterface', hang: 'after' }]);
    lab.restart({ requestTimeoutMs: 1_000 });

    const begun = performance.now();
    const attach = lab.ec2.attachEni(eniId, instanceId, 0, 1);
    await assert.rejects(attach, { kind: 'transient', reason: 'Ec2Unavailable', definite: false });
    assert.ok(performance.now() - begun < 10_000);
    lab.restart();

    assert.equal((await lab.ec2.eni(eniId))?.attachment?.instanceId, instanceId);
    await assert.rejects(lab.ec2.attachEni(eniId, instanceId, 0, 1), { kind: 'waiting' });
    assert.equal((await lab.launcher.control.log({ action: 'AttachNetworkInterface' })).length, 2);
  });

  for (const reset of ['before', 'after'] as const) {
    it(`because the connection broke ${reset} it was carried out is not repeated, and leaves open what it did`, async () => {
      await lab.launcher.control.faults([{ action: 'CreateNetworkInterface', reset }]);

      const create = lab.ec2.createEni(lab.intent(), 'token-1');
      await assert.rejects(create, { kind: 'transient', reason: 'Ec2Unavailable', definite: false });
      await lab.ec2.createEni(lab.intent(), 'token-1');

      assert.equal((await lab.launcher.control.enis()).length, 1);
      assert.equal((await lab.launcher.control.log({ action: 'CreateNetworkInterface' })).length, 2);
    });
  }
});

describe('a storm of creates', () => {
  const lab = Lab.forTests();

  it('that EC2 throttles ends with one ENI each, and few calls in vain', async function () {
    this.timeout(60_000);
    const count = 100;
    await lab.launcher.control.config({ throttle: true, buckets: { CreateNetworkInterface: [20, 10] } });

    await Promise.all(
      Array.from({ length: count }, async (_, index) =>
        untilDone(async () => lab.ec2.createEni(lab.intent(`n${index}`), `token-${index}`)),
      ),
    );

    assert.equal((await lab.launcher.control.enis()).length, count);
    const { byAction, throttled } = await lab.launcher.control.counts();
    assert.ok(byAction['CreateNetworkInterface']! <= 3 * count, `${byAction['CreateNetworkInterface']} calls`);
    assert.ok(throttled <= 1.5 * count, `${throttled} were throttled`);
  });

  it('larger than the sockets queues for them without a warning', async function () {
    this.timeout(30_000);
    lab.restart({ maxSockets: 5 });
    await lab.launcher.control.config({ latency_ms: 50 });
    const warnings: unknown[] = [];
    const { warn } = console;
    console.warn = (...args) => warnings.push(args);
    try {
      await Promise.all(Array.from({ length: 60 }, async (_, index) => lab.eni(`n${index}`)));
    } finally {
      console.warn = warn;
    }

    const calls = await lab.launcher.control.log({ action: 'CreateNetworkInterface' });
    const most = mostAtOnce(calls);
    assert.equal(calls.length, 60);
    assert.ok(most <= 5, `${most} calls at a time`);
    assert.deepEqual(warnings, []);
  });
});
