import assert from 'node:assert/strict';

import { eventually } from '../../dev/stack/eventually.js';

describe('eventually', () => {
  it('returns the first value that is there', async () => {
    const values = [undefined, false, null, 0, 'too late'];

    assert.equal(await eventually('a value', () => values.shift(), { intervalMs: 1 }), 0);
  });

  it('takes a throw for "not yet"', async () => {
    let looks = 0;

    const value = await eventually(
      'three looks',
      () => {
        looks += 1;
        assert.equal(looks, 3);
        return 'seen';
      },
      { intervalMs: 1 },
    );

    assert.equal(value, 'seen');
  });

  it('says what it waited for and what it saw last', async () => {
    const failing = eventually('the phase is Attached', () => assert.fail('it is Creating'), { timeoutMs: 30 });

    await assert.rejects(failing, /^Error: not within 0.03 s: the phase is Attached; last seen: it is Creating$/);
  });

  it('does not wait for a look that hangs', async () => {
    const failing = eventually('an answer', () => new Promise(() => undefined), { timeoutMs: 30 });

    await assert.rejects(failing, /an answer; last seen: nothing, the first look did not come back/);
  });
});
