import assert from 'node:assert/strict';

import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

import { createActivities } from '../../src/activities/index.js';
import type { EniRef, PairActivities, Target } from '../../src/contract/activities.js';
import { FAILURE_TYPES } from '../../src/contract/failures.js';
import { eniTags } from '../../src/domain/tags.js';
import { Cloud } from '../support/builders-cloud.js';
import { CLUSTER, Lab } from './lab.js';

const TARGET: Target = { clusterName: CLUSTER, nodeEniName: 'e1', nodeName: 'n1', name: 'n1.0.1', uid: 'n1' };

/** Every activity that changes an ENI which a pair has. */
type Changing = (activities: PairActivities, ref: EniRef, attachmentId: string) => Promise<unknown>;

const CHANGES: Readonly<Record<string, Changing>> = {
  detachEni: async (activities, ref) => activities.detachEni({ ...ref, force: false }),
  'detachEni by force': async (activities, ref) => activities.detachEni({ ...ref, force: true }),
  deleteEni: async (activities, ref) => activities.deleteEni(ref),
  adoptEni: async (activities, ref) => activities.adoptEni({ ...ref, fromUid: ref.target.uid, tags: { mine: 'yes' } }),
  configureEni: async (activities, ref, attachmentId) =>
    activities.configureEni({ ...ref, attachmentId, changes: { description: 'ours', deleteOnTermination: false } }),
};

describe('the primary interface of an instance', () => {
  const lab = Lab.forTests();

  for (const [name, change] of Object.entries(CHANGES)) {
    it(`is left alone by ${name}, even with all the tags of the pair`, async () => {
      const { eniId, attachmentId } = await taggedPrimary();
      const before = await primary(eniId);
      await lab.launcher.control.clearLog();

      const refused = run(async (activities) => change(activities, { target: TARGET, eniId }, attachmentId));
      await assert.rejects(refused, {
        type: FAILURE_TYPES.blocked,
        nonRetryable: true,
        message: new RegExp(`${eniId} is the primary interface of i-`),
      });

      assert.deepEqual(await primary(eniId), before);
      assert.equal((await lab.launcher.control.counts()).mutating, 0, 'EC2 is not asked, so that it need not refuse');
    });
  }

  it('is not taken for attached as wanted when an attach at index 0 was refused', async () => {
    const { eniId } = await taggedPrimary();
    const before = await primary(eniId);
    const instanceId = (await lab.ec2.eni(eniId))?.attachment?.instanceId ?? '';

    const place = { instanceId, deviceIndex: 0, networkCardIndex: 0, deleteOnTermination: true };
    const refused = run(async (activities) => activities.attachEni({ target: TARGET, eniId, ...place }));
    await assert.rejects(refused, { type: FAILURE_TYPES.blocked, message: /is the primary interface of i-/ });

    assert.deepEqual(await primary(eniId), before);
  });

  it('is not taken by an attach at index 0', async () => {
    const instanceId = await lab.instance();
    const eniId = await lab.eni();

    const place = { instanceId, deviceIndex: 0, networkCardIndex: 0, deleteOnTermination: true };
    const refused = run(async (activities) => activities.attachEni({ target: TARGET, eniId, ...place }));
    await assert.rejects(refused, { type: FAILURE_TYPES.blocked });

    assert.deepEqual(
      (await lab.ec2.instance(instanceId))?.slots.map(({ deviceIndex }) => deviceIndex),
      [0],
    );
    assert.equal((await lab.ec2.eni(eniId))?.attachment, null);
  });

  /** As a record that points to it would have it: nothing but the device index tells it from an ENI of ours. */
  async function taggedPrimary(): Promise<{ eniId: string; attachmentId: string }> {
    const instance = await lab.ec2.instance(await lab.instance());
    const slot = instance?.slots.find(({ deviceIndex }) => deviceIndex === 0);
    assert.ok(slot);
    const { name: _, uid: attachmentUid, ...pair } = TARGET;
    const tags = eniTags({ ...pair, attachmentUid, nodeEniUid: 'u1' }, {});
    await lab.launcher.client.send(
      new CreateTagsCommand({
        Resources: [slot.eniId],
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    return { eniId: slot.eniId, attachmentId: (await lab.ec2.eni(slot.eniId))?.attachment?.attachmentId ?? '' };
  }

  async function primary(eniId: string): Promise<unknown> {
    return (await lab.launcher.control.enis({ primary: true })).find(({ id }) => id === eniId);
  }

  async function run<T>(work: (activities: PairActivities) => Promise<T>): Promise<T> {
    const activities = createActivities({ ...new Cloud(CLUSTER).deps, ec2: lab.ec2 });
    return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(async () => work(activities));
  }
});
