import assert from 'node:assert/strict';

import type { PairMemory } from '../../../src/domain/memory.js';
import { plan } from '../../../src/domain/plan/plan.js';
import { CREATE_SETTLE_MS, VISIBILITY_GRACE_MS } from '../../../src/domain/plan/visibility.js';
import type { Step } from '../../../src/domain/step.js';
import { attachment, eni, memory, NOW, observation, tagsOf, UID } from '../../support/builders.js';

const INTENT = {
  ordinal: 0,
  subnetId: 'subnet-a',
  securityGroupIds: ['sg-1'],
  description: 'storage on node-1',
  tags: tagsOf(attachment()),
};

function created(step: Step): Extract<Step, { type: 'create' }>['intent'] {
  assert.equal(step.type, 'create');
  return step.intent;
}

describe('the ordinal of a create call', () => {
  const ordinals: readonly [string, Partial<PairMemory>, Parameters<typeof attachment>[0], number][] = [
    ['is 0 for the first of all', {}, {}, 0],
    ['comes after the last one of this history', { ordinal: 4 }, {}, 5],
    [
      'is repeated from the status when the history is lost and no ENI is on record',
      {},
      { status: { createOrdinal: 2 } },
      2,
    ],
    ['comes after the one in the status whose ENI is gone', {}, { status: { createOrdinal: 2, eniId: 'eni-9' } }, 3],
    [
      'stays for the same parameters once an answer is given up',
      { ordinal: 3, openCreate: { ...INTENT, ordinal: 3 }, openCreateFailedAt: 0 },
      {},
      3,
    ],
    [
      'moves on when the parameters changed',
      { ordinal: 3, openCreate: { ...INTENT, ordinal: 3, subnetId: 'old' }, openCreateFailedAt: 0 },
      {},
      4,
    ],
  ];
  for (const [title, knows, changes, ordinal] of ordinals) {
    it(title, () => {
      const step = plan(observation({ attachment: attachment(changes) }), memory(knows));

      assert.equal(created(step).ordinal, ordinal);
    });
  }

  it('and the parameters stay while an unanswered call may still have worked', () => {
    const open = { ...INTENT, ordinal: 3, description: 'as it was' };
    const knows = { ordinal: 3, openCreate: open, openCreateFailedAt: NOW - CREATE_SETTLE_MS + 1 };

    assert.deepEqual(plan(observation(), memory(knows)), { type: 'create', intent: open });
    assert.deepEqual(plan(observation(), memory({ ...knows, openCreateFailedAt: null })), {
      type: 'create',
      intent: open,
    });
  });
});

describe('an ENI that is not shown', () => {
  it('is waited for as long as it may be invisible after its creation', () => {
    const knows = { eniId: 'eni-9', eniCreatedAt: NOW - VISIBILITY_GRACE_MS + 1 };

    assert.deepEqual(plan(observation(), memory(knows)), { type: 'verify', eniId: 'eni-9', until: 'visible' });
  });

  it('is replaced after that', () => {
    const knows = { ordinal: 0, eniId: 'eni-9', eniCreatedAt: NOW - VISIBILITY_GRACE_MS };

    assert.equal(created(plan(observation(), memory(knows))).ordinal, 1);
  });

  it('is replaced at once when it had been seen before', () => {
    const knows = { ordinal: 0, eniId: 'eni-9', eniCreatedAt: null };

    assert.equal(created(plan(observation(), memory(knows))).ordinal, 1);
  });
});

describe('an ENI of a former Attachment of the pair', () => {
  it('is adopted with all the tags of this one, before anything is made', () => {
    const former = eni({ tags: tagsOf({ ...attachment(), uid: 'former' }) });

    const step = plan(observation({ adoptable: [former], instance: null }), memory({ coolDown: true }));

    assert.deepEqual(step, { type: 'adopt', eniId: former.eniId, fromUid: 'former', tags: tagsOf(attachment()) });
    assert.ok(Object.values(step.tags).includes(UID));
  });

  it('is adopted even when it does not say whose it was', () => {
    const step = plan(observation({ adoptable: [eni({ tags: {} })] }), memory());

    assert.ok(step.type === 'adopt' && step.fromUid === '');
  });
});

describe('a pair that EC2 would not show', () => {
  const refusal = { reason: 'PermissionDenied', message: 'not allowed to describe' } as const;

  it('is blocked for that, whatever else it seems to lack, and also when it is to go', () => {
    for (const changes of [{}, { attachment: attachment({ deleting: true }) }, { attachment: null }]) {
      assert.deepEqual(plan(observation({ ...changes, refusal }), memory()), { type: 'block', ...refusal });
    }
  });
});
