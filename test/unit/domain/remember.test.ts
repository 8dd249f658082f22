import assert from 'node:assert/strict';

import { applyOutcome } from '../../../src/domain/plan/apply.js';
import {
  rememberAfter,
  rememberBefore,
  rememberBlock,
  rememberFailure,
  rememberSeen,
  rememberWake,
} from '../../../src/domain/plan/remember.js';
import type { Step } from '../../../src/domain/step.js';
import { ENI, eni, inSlot, INSTANCE, memory, NOW, observation, tagsOf, attachment } from '../../support/builders.js';

const INTENT = { ordinal: 3, subnetId: 'subnet-a', securityGroupIds: ['sg-1'], description: '', tags: {} };
const STEPS = {
  create: { type: 'create', intent: INTENT },
  adopt: { type: 'adopt', eniId: ENI, fromUid: 'former', tags: { a: 'b' } },
  attach: {
    type: 'attach',
    eniId: ENI,
    instanceId: INSTANCE,
    deviceIndex: 1,
    networkCardIndex: 0,
    deleteOnTermination: true,
  },
  configure: { type: 'configure', eniId: ENI, attachmentId: '', changes: {} },
  verify: { type: 'verify', eniId: ENI, until: 'attached' },
  awaitInstance: { type: 'awaitInstance', instanceId: INSTANCE, reason: 'InstancePending' },
  detach: { type: 'detach', eniId: ENI, force: false, replace: false },
  delete: { type: 'delete', eniId: ENI, replace: false },
  release: { type: 'release' },
  done: { type: 'done' },
  idle: { type: 'idle' },
  block: { type: 'block', reason: 'SubnetFull', message: '' },
} as const satisfies Record<string, Step>;

describe('before a step the pair remembers', () => {
  it('a create call with its ordinal and parameters', () => {
    const after = rememberBefore(memory({ openCreateFailedAt: 7 }), STEPS.create, NOW);

    assert.deepEqual(after, memory({ ordinal: 3, openCreate: INTENT }));
  });

  it('when a detach began, also when it is tried again', () => {
    assert.equal(rememberBefore(memory(), STEPS.detach, NOW).detachStartedAt, NOW);
    assert.equal(rememberBefore(memory({ detachStartedAt: 5 }), STEPS.detach, NOW).detachStartedAt, 5);
  });

  it('no trouble any more when it rests', () => {
    const before = memory({
      block: { reason: 'SubnetFull', attempts: 4 },
      condemnedEniId: ENI,
      coolDown: true,
      detachStartedAt: 5,
    });

    assert.deepEqual(rememberBefore(before, STEPS.idle, NOW), memory());
  });

  for (const type of [
    'attach',
    'adopt',
    'configure',
    'verify',
    'awaitInstance',
    'delete',
    'release',
    'done',
    'block',
  ] as const) {
    it(`nothing new of ${type}`, () => {
      assert.deepEqual(rememberBefore(memory({ ordinal: 1 }), STEPS[type], NOW), memory({ ordinal: 1 }));
    });
  }
});

describe('after a step that worked the pair remembers', () => {
  it('the ENI that was made, and when', () => {
    const before = memory({ ordinal: 3, openCreate: INTENT, openCreateFailedAt: 1 });

    const after = rememberAfter(before, STEPS.create, { at: NOW, eni: eni() });

    assert.deepEqual(after, memory({ ordinal: 3, eniId: ENI, eniCreatedAt: NOW }));
    assert.equal(rememberAfter(before, STEPS.create, { at: NOW }).eniId, null);
  });

  it('that the ENI was seen', () => {
    const before = memory({ eniId: ENI, eniCreatedAt: NOW });

    assert.deepEqual(rememberAfter(before, STEPS.verify, { at: NOW, eni: eni() }), memory({ eniId: ENI }));
  });

  for (const type of ['delete', 'verify'] as const) {
    it(`that the ENI is gone, after ${type}`, () => {
      const before = memory({ eniId: ENI, eniCreatedAt: NOW, detachStartedAt: 1 });

      assert.deepEqual(rememberAfter(before, STEPS[type], { at: NOW, eni: null }), memory());
    });
  }

  it('a cool-down once a condemned ENI is gone', () => {
    const before = memory({ eniId: ENI, condemnedEniId: ENI });

    assert.deepEqual(rememberAfter(before, STEPS.delete, { at: NOW, eni: null }), memory({ coolDown: true }));
  });

  it('its own ENI when a duplicate is gone', () => {
    const before = memory({ eniId: 'eni-own', eniCreatedAt: 3, condemnedEniId: 'eni-own' });

    assert.deepEqual(rememberAfter(before, STEPS.delete, { at: NOW, eni: null }), before);
  });

  it('that no detach is under way', () => {
    assert.deepEqual(rememberAfter(memory({ detachStartedAt: 1 }), STEPS.detach, { at: NOW, eni: eni() }), memory());
  });

  for (const type of ['attach', 'adopt', 'configure', 'awaitInstance', 'release', 'done', 'idle', 'block'] as const) {
    it(`nothing new of ${type}`, () => {
      assert.deepEqual(rememberAfter(memory({ ordinal: 1 }), STEPS[type], { at: NOW }), memory({ ordinal: 1 }));
    });
  }
});

describe('after a step that failed the pair remembers', () => {
  const failure = { at: NOW, reason: 'Ec2Unavailable', definite: false } as const;

  it('when a create call went without an answer', () => {
    assert.equal(rememberFailure(memory(), STEPS.create, failure).openCreateFailedAt, NOW);
  });

  it('that a refused create call has made nothing', () => {
    assert.equal(rememberFailure(memory(), STEPS.create, { ...failure, definite: true }).openCreateFailedAt, 0);
  });

  it('the ENI that stayed attaching', () => {
    const after = rememberFailure(memory(), STEPS.verify, { ...failure, reason: 'AttachTimeout' });

    assert.equal(after.condemnedEniId, ENI);
  });

  it('no open call when its token was used with other parameters, so that the next takes the next token', () => {
    const before = memory({ ordinal: 3, openCreate: INTENT });

    const after = rememberFailure(before, STEPS.create, { at: NOW, reason: 'TokenMismatch', definite: true });

    assert.deepEqual(after, memory({ ordinal: 3 }));
  });

  it('nothing of other failures', () => {
    assert.deepEqual(rememberFailure(memory(), STEPS.verify, failure), memory());
    assert.deepEqual(rememberFailure(memory(), STEPS.attach, { ...failure, reason: 'AttachTimeout' }), memory());
  });

  it('how often in a row it was blocked for one reason', () => {
    const once = rememberBlock(memory(), 'SubnetFull');
    const twice = rememberBlock(once, 'SubnetFull');

    assert.deepEqual(twice.block, { reason: 'SubnetFull', attempts: 2 });
    assert.deepEqual(rememberBlock(twice, 'Throttled').block, { reason: 'Throttled', attempts: 1 });
  });

  it('after one wait that the cool-down is over', () => {
    assert.deepEqual(rememberWake(memory({ coolDown: true })), memory());
    const calm = memory({ ordinal: 1 });
    assert.equal(rememberWake(calm), calm);
  });

  it('an ENI that an observation shows, and no open create call', () => {
    const before = memory({ ordinal: 3, openCreate: INTENT, openCreateFailedAt: 3, eniCreatedAt: 3 });

    assert.deepEqual(rememberSeen(before, observation({ owned: [eni()] })), memory({ ordinal: 3, eniId: ENI }));
    assert.equal(rememberSeen(before, observation()), before);
  });
});

describe('the observation after a step', () => {
  const at = NOW + 5;
  const other = eni({ eniId: 'eni-other' });

  it('has the ENI that was made', () => {
    assert.deepEqual(
      applyOutcome(observation(), STEPS.create, { at, eni: eni() }),
      observation({ at, owned: [eni()] }),
    );
  });

  for (const type of ['verify', 'detach', 'delete'] as const) {
    it(`has the ENI as ${type} saw it`, () => {
      const before = observation({ owned: [eni({ attachment: inSlot() }), other] });

      assert.deepEqual(applyOutcome(before, STEPS[type], { at, eni: eni() }).owned, [other, eni()]);
      assert.deepEqual(applyOutcome(before, STEPS[type], { at, eni: null }).owned, [other]);
      assert.deepEqual(applyOutcome(before, STEPS[type], { at }).owned, [other]);
    });
  }

  it('has the new attachment, not yet seen', () => {
    const after = applyOutcome(observation({ owned: [eni(), other] }), STEPS.attach, { at, attachmentId: 'new' });

    const attached = inSlot({ attachmentId: 'new', status: 'attaching', deleteOnTermination: true });
    assert.deepEqual(after.owned, [eni({ assumed: true, attachment: attached }), other]);
    const [without] = applyOutcome(observation({ owned: [eni()] }), STEPS.attach, { at }).owned;
    assert.equal(without?.attachment?.attachmentId, '');
  });

  it('has the new attributes, not yet seen', () => {
    const changes = {
      securityGroupIds: ['sg-9'],
      description: 'new',
      sourceDestCheck: false,
      deleteOnTermination: false,
      tags: { team: 'new' },
    };

    const before = observation({ owned: [eni({ attachment: inSlot() })] });
    const [after] = applyOutcome(before, { ...STEPS.configure, changes }, { at }).owned;

    assert.deepEqual(
      after,
      eni({
        assumed: true,
        securityGroupIds: ['sg-9'],
        description: 'new',
        sourceDestCheck: false,
        tags: { ...eni().tags, team: 'new' },
        attachment: inSlot({ deleteOnTermination: false }),
      }),
    );
  });

  it('keeps what a change leaves alone', () => {
    const free = applyOutcome(observation({ owned: [eni()] }), STEPS.configure, { at }).owned;
    const attached = applyOutcome(observation({ owned: [eni({ attachment: inSlot() })] }), STEPS.configure, {
      at,
    }).owned;

    assert.deepEqual(free, [eni({ assumed: true })]);
    assert.deepEqual(attached, [eni({ assumed: true, attachment: inSlot() })]);
  });

  it('owns what was adopted', () => {
    const former = eni({ tags: tagsOf({ ...attachment(), uid: 'former' }) });

    const after = applyOutcome(observation({ adoptable: [former, other] }), STEPS.adopt, { at });

    assert.deepEqual(after.adoptable, [other]);
    assert.deepEqual(after.owned, [{ ...former, assumed: true, tags: { ...former.tags, a: 'b' } }]);
    assert.deepEqual(applyOutcome(observation(), STEPS.adopt, { at }), observation({ at }));
  });

  for (const type of ['awaitInstance', 'release', 'done', 'idle', 'block'] as const) {
    it(`is the same but for the time, after ${type}`, () => {
      assert.deepEqual(applyOutcome(observation(), STEPS[type], { at }), observation({ at }));
    });
  }
});
