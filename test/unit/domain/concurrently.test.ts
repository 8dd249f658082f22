import assert from 'node:assert/strict';

import { concurrently } from '../../../src/domain/concurrently.js';

describe('running tasks concurrently', () => {
  it('has at most as many under way as allowed, and does all of them', async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];

    await concurrently(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
      done.push(item);
    });

    assert.deepEqual([most, done.length], [3, 7]);
  });

  it('returns what failed and does the rest', async () => {
    const failures = await concurrently(2, ['a', 'b', 'c'], async (item) => {
      if (item === 'b') throw new Error('no');
    });

    assert.deepEqual(
      failures.map(({ item }) => item),
      ['b'],
    );
    assert.deepEqual(await concurrently(2, [], async () => undefined), []);
  });
});
