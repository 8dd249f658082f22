import assert from 'node:assert/strict';
import { type LeaseRecord, type LeaseStep, leaseStep } from '../../../src/domain/leadership.js';

function held(holder: string): LeaseRecord {
  return { holder, durationMs: 15_000 };
}

const TABLE: readonly [what: string, lease: LeaseRecord | null, unchangedMs: number, step: LeaseStep][] = [
  ['is taken when there is none', null, 0, 'take'],
  ['is taken at once when the last leader let go', held(''), 0, 'take'],
  ['is renewed by its holder', held('self'), 0, 'renew'],
  ['is renewed by its holder, however late', held('self'), 60_000, 'renew'],
  ['is left to another that has just renewed', held('other'), 0, 'wait'],
  ['is left to another until its duration is over', held('other'), 14_999, 'wait'],
  ['is taken from another that has not renewed for its duration', held('other'), 15_000, 'take'],
];

describe('a lease', () => {
  for (const [what, lease, unchangedMs, step] of TABLE) {
    it(what, () => {
      assert.equal(leaseStep(lease, 'self', unchangedMs), step);
    });
  }
});
