import assert from 'node:assert/strict';

import { ReadCache } from '../../../src/aws/read-cache.js';
import { FakeClock } from './fake-clock.js';

describe('cached reads', () => {
  it('are shared by those who ask while one is under way, however long it takes', async () => {
    const clock = new FakeClock();
    let loads = 0;
    let finish = (_value: string): void => undefined;
    const load = async (): Promise<string> => {
      loads += 1;
      return new Promise((resolve) => (finish = resolve));
    };
    const cache = new ReadCache({ clock, load, keepMs: () => 10 });

    const first = cache.get('a');
    await clock.advance(1_000);
    const second = cache.get('a');
    finish('value');

    assert.deepEqual([await first, await second, loads], ['value', 'value', 1]);
    // Its age counts from the start of the read.
    void cache.get('a');
    assert.equal(loads, 2);
  });

  it('do not pile up: what is outdated goes, and what is not stays', async () => {
    const clock = new FakeClock();
    const loaded: string[] = [];
    const load = async (key: string): Promise<string> => {
      loaded.push(key);
      return key;
    };
    const cache = new ReadCache({ clock, load, keepMs: (value) => (value === 'kept' ? 1e9 : 10) });
    await cache.get('kept');
    for (let each = 0; each < 3_000; each += 1) {
      await cache.get(`key-${each}`);
      if (each % 500 === 0) await clock.advance(11);
    }
    loaded.length = 0;

    await cache.get('kept');

    assert.deepEqual(loaded, []);
  });
});
