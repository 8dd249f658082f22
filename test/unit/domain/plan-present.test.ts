import assert from 'node:assert/strict';

import type { Attachment } from '../../../src/domain/attachment.js';
import { plan } from '../../../src/domain/plan/plan.js';
import type { EniChanges } from '../../../src/domain/step.js';
import type { EniFacts } from '../../../src/domain/observation.js';
import { attachment, ENI, eni, inSlot, INSTANCE, instance, memory, NOW, observation } from '../../support/builders.js';

const attached = eni({ attachment: inSlot() });

describe('the plan of a pair with a free ENI', () => {
  it('is to attach it at the wanted slot', () => {
    const step = plan(observation({ owned: [eni()] }), memory());

    assert.deepEqual(step, {
      type: 'attach',
      eniId: ENI,
      instanceId: INSTANCE,
      deviceIndex: 1,
      networkCardIndex: 0,
      deleteOnTermination: true,
    });
  });

  it('is to delete it when the instance is in another zone', () => {
    const step = plan(observation({ owned: [eni()], instance: instance({ zone: 'us-east-1b' }) }), memory());

    assert.deepEqual(step, { type: 'delete', eniId: ENI, replace: true });
  });

  it('waits for the instance as a create does', () => {
    const step = plan(observation({ owned: [eni()], instance: instance({ state: 'pending' }) }), memory());

    assert.equal(step.type, 'awaitInstance');
  });

  it('does not count its own ENI against the slot or the limit', () => {
    const slots = [
      { eniId: 'eni-primary', deviceIndex: 0, networkCardIndex: 0 },
      { eniId: ENI, deviceIndex: 1, networkCardIndex: 0 },
    ];

    const step = plan(observation({ owned: [eni()], instance: instance({ slots, limits: { '0': 2 } }) }), memory());

    assert.equal(step.type, 'attach');
  });

  it('does not count interfaces on other network cards', () => {
    const slots = [{ eniId: 'eni-x', deviceIndex: 1, networkCardIndex: 1 }];

    const step = plan(observation({ owned: [eni()], instance: instance({ slots, limits: { '0': 1 } }) }), memory());

    assert.equal(step.type, 'attach');
  });

  it('is to delete it when it could not be attached', () => {
    const step = plan(observation({ owned: [eni()] }), memory({ condemnedEniId: ENI }));

    assert.deepEqual(step, { type: 'delete', eniId: ENI, replace: true });
  });
});

describe('the plan of a pair with an attached ENI', () => {
  it('is to rest when everything is as wanted', () => {
    assert.deepEqual(plan(observation({ owned: [attached], instance: undefined }), memory()), { type: 'idle' });
  });

  const verified: readonly [string, EniFacts][] = [
    ['still attaching', eni({ attachment: inSlot({ status: 'attaching' }) })],
    ['known only from the answer to a change', { ...attached, assumed: true }],
  ];
  for (const [title, owned] of verified) {
    it(`is to wait for one that is ${title}, and for the attributes just given`, () => {
      const step = plan(observation({ owned: [owned] }), memory());

      assert.deepEqual(step, {
        type: 'verify',
        eniId: ENI,
        until: 'attached',
        expect: {
          securityGroupIds: ['sg-1'],
          description: 'storage on node-1',
          sourceDestCheck: true,
          deleteOnTermination: true,
        },
      });
    });
  }

  it('is to wait for one that is detaching, even where it is not to be', () => {
    const owned = [eni({ attachment: inSlot({ status: 'detaching', deviceIndex: 5 }) })];

    assert.deepEqual(plan(observation({ owned }), memory()), { type: 'verify', eniId: ENI, until: 'detached' });
  });

  for (const where of [{ instanceId: 'i-other' }, { deviceIndex: 2 }, { networkCardIndex: 1 }]) {
    it(`is to detach it from ${JSON.stringify(where)}`, () => {
      const step = plan(observation({ owned: [eni({ attachment: inSlot(where) })] }), memory());

      assert.deepEqual(step, { type: 'detach', eniId: ENI, force: false, replace: true });
    });
  }

  it('is to detach one that could not be attached', () => {
    const owned = [eni({ attachment: inSlot({ status: 'attaching' }) })];

    const step = plan(observation({ owned }), memory({ condemnedEniId: ENI }));

    assert.deepEqual(step, { type: 'detach', eniId: ENI, force: false, replace: true });
  });

  it('is blocked by a security group that is not there, and changes nothing', () => {
    const step = plan(observation({ owned: [attached], network: undefined }), memory());

    assert.ok(step.type === 'block' && step.reason === 'SecurityGroupNotFound');
  });
});

describe('what differs on an attached ENI is changed in place:', () => {
  const cases: readonly [string, Partial<EniFacts>, EniChanges][] = [
    ['security groups', { securityGroupIds: ['sg-0'] }, { securityGroupIds: ['sg-1'] }],
    ['more security groups than wanted', { securityGroupIds: ['sg-1', 'sg-2'] }, { securityGroupIds: ['sg-1'] }],
    ['the description', { description: 'by hand' }, { description: 'storage on node-1' }],
    ['the source/destination check', { sourceDestCheck: false }, { sourceDestCheck: true }],
    ['deleteOnTermination', { attachment: inSlot({ deleteOnTermination: false }) }, { deleteOnTermination: true }],
    ['a tag', { tags: { ...eni().tags, team: 'other', mine: 'stays' } }, { tags: { team: 'disks' } }],
  ];
  for (const [title, differs, changes] of cases) {
    it(title, () => {
      const step = plan(observation({ owned: [{ ...attached, ...differs }] }), memory());

      assert.deepEqual(step, { type: 'configure', eniId: ENI, attachmentId: 'eni-attach-1', changes });
    });
  }

  it('nothing when the groups only stand in another order', () => {
    const wanted = attachment({ spec: { securityGroupIds: ['sg-1', 'sg-2'] } });
    const groups = ['sg-1', 'sg-2'].map((groupId) => ({ groupId, vpcId: 'vpc-1', foundByName: null }));
    const owned = [{ ...attached, securityGroupIds: ['sg-2', 'sg-1'] }];

    const step = plan(observation({ attachment: wanted, owned, network: { subnets: [], groups } }), memory());

    assert.equal(step.type, 'idle');
  });
});

describe('of several ENIs with the tags of one pair', () => {
  const [free, elsewhere] = [eni({ eniId: 'eni-b' }), eni({ eniId: 'eni-a', attachment: inSlot({ deviceIndex: 7 }) })];

  it('the one in the slot is kept, whatever its id', () => {
    const slot = eni({ eniId: 'eni-z', attachment: inSlot() });

    const step = plan(observation({ owned: [free, slot] }), memory());

    assert.deepEqual(step, { type: 'delete', eniId: 'eni-b', replace: true });
  });

  it('a free one is kept before one that is attached elsewhere', () => {
    const step = plan(observation({ owned: [elsewhere, free] }), memory());

    assert.deepEqual(step, { type: 'detach', eniId: 'eni-a', force: false, replace: true });
  });

  it('the lower id is kept of equals, in whatever order they come', () => {
    const twins = [free, eni({ eniId: 'eni-c' })];

    for (const owned of [twins, twins.toReversed()]) {
      assert.deepEqual(plan(observation({ owned }), memory()), { type: 'delete', eniId: 'eni-c', replace: true });
    }
  });
});

describe('the plan of a pair whose Attachment goes', () => {
  const going = (changes: Partial<Attachment['spec']> = {}): Attachment =>
    attachment({ deleting: true, spec: changes });

  it('is to detach, then to delete, then to let go', () => {
    const owned = [attached];

    assert.deepEqual(
      [
        plan(observation({ attachment: going(), owned }), memory()),
        plan(observation({ attachment: going(), owned: [eni()] }), memory()),
        plan(observation({ attachment: going() }), memory()),
      ],
      [
        { type: 'detach', eniId: ENI, force: false, replace: false },
        { type: 'delete', eniId: ENI, replace: false },
        { type: 'release' },
      ],
    );
  });

  it('removes the ENI even after the Attachment is gone, and ends then', () => {
    assert.equal(plan(observation({ attachment: null, owned: [attached] }), memory()).type, 'detach');
    assert.deepEqual(plan(observation({ attachment: null }), memory()), { type: 'done' });
  });

  it('waits for an ENI that may not be visible yet', () => {
    const step = plan(observation({ attachment: going() }), memory({ eniId: 'eni-9', eniCreatedAt: NOW }));

    assert.deepEqual(step, { type: 'verify', eniId: 'eni-9', until: 'visible' });
  });

  it('looks once more for the ENI of a create call without an answer, and only for a while', () => {
    const openCreate = { ordinal: 0, subnetId: '', securityGroupIds: [], description: '', tags: {} };
    const at = (openCreateFailedAt: number): string =>
      plan(observation({ attachment: going() }), memory({ openCreate, openCreateFailedAt })).type;

    assert.deepEqual([at(NOW - 59_999), at(NOW - 60_000), at(0)], ['block', 'release', 'release']);
  });

  it('is frozen by a pause', () => {
    const step = plan(observation({ attachment: going({ paused: true }), owned: [attached] }), memory());

    assert.ok(step.type === 'block' && step.reason === 'Paused');
  });

  const forced: readonly [string, number | null, number | null, boolean, number | undefined][] = [
    ['never without the policy', null, NOW - 1e9, false, undefined],
    ['not before a detach was tried', 60, null, false, 60_000],
    ['not before the timeout', 60, NOW - 59_999, false, 1],
    ['after the timeout', 60, NOW - 60_000, true, undefined],
  ];
  for (const [title, forceDetachAfterSeconds, detachStartedAt, force, forceInMs] of forced) {
    it(`forces the detach ${title}`, () => {
      const step = plan(
        observation({ attachment: going({ forceDetachAfterSeconds }), owned: [attached] }),
        memory({ detachStartedAt }),
      );

      assert.ok(step.type === 'detach');
      assert.deepEqual([step.force, step.forceInMs], [force, forceInMs]);
    });
  }
});
