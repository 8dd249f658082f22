import assert from 'node:assert/strict';

import fc from 'fast-check';

import { waitMs } from '../../../src/kubernetes/pace.js';

const fractions = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('the pace of an informer', () => {
  it('is one attempt a second when all is well', () => {
    assert.deepEqual([waitMs(0, 0, 0), waitMs(0, 400, 0), waitMs(0, 290_000, 0)], [1000, 600, 0]);
  });

  it('waits from 1 s to 30 s after failures, whatever the server asks for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fractions, fc.nat(), (failures, random, retryAfter) => {
        const wait = waitMs(failures, 0, random, retryAfter);
        assert.ok(wait >= 1000 && wait <= 30_000, String(wait));
      }),
    );
  });

  it('doubles', () => {
    assert.deepEqual(
      [1, 2, 3, 6].map((failures) => waitMs(failures, 0, 0)),
      [1000, 2000, 4000, 30_000],
    );
  });
});
