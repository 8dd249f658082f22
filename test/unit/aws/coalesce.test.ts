import assert from 'node:assert/strict';

import fc from 'fast-check';

import { Coalescer } from '../../../src/aws/coalesce.js';
import { FakeClock } from './fake-clock.js';

interface Call {
  readonly at: number;
  readonly keys: readonly string[];
}

function setUp(options: { maxKeys?: number; takesMs?: number } = {}): {
  clock: FakeClock;
  calls: Call[];
  reads: Coalescer<string, number>;
} {
  const clock = new FakeClock();
  const calls: Call[] = [];
  const fetch = async (keys: readonly string[]): Promise<Map<string, number>> => {
    const at = clock.now();
    calls.push({ at, keys });
    if (options.takesMs !== undefined) {
      await new Promise<void>((resolve) => void clock.setTimer(resolve, options.takesMs!));
    }
    // The value tells when the call began.
    return new Map(keys.filter((key) => !key.startsWith('unknown')).map((key) => [key, at]));
  };
  const reads = new Coalescer({ fetch, clock, ...(options.maxKeys === undefined ? {} : { maxKeys: options.maxKeys }) });
  return { clock, calls, reads };
}

describe('coalesced reads', () => {
  it('that begin within 15 ms share a call, and equal keys a place in it', async () => {
    const { clock, calls, reads } = setUp();
    const start = clock.now();

    const values = [reads.load('a'), reads.load('b'), reads.load('a'), reads.load('unknown')];
    await clock.advance(14);
    assert.equal(calls.length, 0);
    await clock.advance(1);

    assert.deepEqual(calls, [{ at: start + 15, keys: ['a', 'b', 'unknown'] }]);
    assert.deepEqual(await Promise.all(values), [start + 15, start + 15, start + 15, undefined]);
  });

  it('for a key whose call is under way wait for the next, so that they are fresh', async () => {
    const { clock, calls, reads } = setUp({ takesMs: 500 });
    const first = reads.load('a');
    await clock.advance(100);
    const asked = clock.now();
    const second = reads.load('a');
    await clock.advance(600);

    assert.equal(calls.length, 2);
    assert.ok((await first)! < asked);
    assert.ok((await second)! >= asked);
  });

  it('go out at once when a call is full', async () => {
    const { clock, calls, reads } = setUp({ maxKeys: 3 });
    const start = clock.now();
    const all = Promise.all(['a', 'b', 'c', 'd'].map(async (key) => reads.load(key)));
    await clock.advance(0);
    assert.deepEqual(calls, [{ at: start, keys: ['a', 'b', 'c'] }]);

    await clock.advance(300);

    assert.deepEqual(calls[1], { at: start + 300, keys: ['d'] });
    await all;
  });

  const spacings = [
    { keys: 1, spacing: 100 },
    { keys: 5, spacing: 500 },
    { keys: 10, spacing: 1_000 },
    { keys: 50, spacing: 1_000 },
    { keys: 150, spacing: 1_000 },
  ];
  for (const { keys, spacing } of spacings) {
    it(`after a call for ${keys} keys wait until ${spacing} ms after its start`, async () => {
      const { clock, calls, reads } = setUp();
      const all = Array.from({ length: keys }, async (_, index) => reads.load(`key-${index}`));
      await clock.advance(15);
      const next = reads.load('next');
      await clock.advance(1_000);

      assert.equal(calls[1]!.at - calls[0]!.at, spacing);
      await Promise.all([...all, next]);
    });
  }

  it('are swift again after a second of quiet', async () => {
    const { clock, calls, reads } = setUp();
    const all = Array.from({ length: 100 }, async (_, index) => reads.load(`key-${index}`));
    await clock.advance(1_100);
    const next = reads.load('next');
    await clock.advance(15);

    assert.equal(calls.length, 2);
    await Promise.all([...all, next]);
  });

  it('fail all together as their call fails, and the next ones do not', async () => {
    const clock = new FakeClock();
    let calls = 0;
    const reads = new Coalescer<string, string>({
      clock,
      fetch: async (keys) => {
        calls += 1;
        if (calls === 1) throw new Error('EC2 is away');
        return new Map(keys.map((key) => [key, 'value']));
      },
    });
    const settled = Promise.allSettled([reads.load('a'), reads.load('a'), reads.load('b')]);
    await clock.advance(15);
    assert.deepEqual(
      (await settled).map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );

    const next = reads.load('a');
    await clock.advance(300);

    assert.equal(await next, 'value');
  });

  it('are fresh, answered within the spacing, and few, whenever they come', async () => {
    const arrivals = fc.array(
      fc.record({ gap: fc.integer({ min: 0, max: 400 }), key: fc.integer({ min: 0, max: 80 }) }),
      {
        minLength: 1,
        maxLength: 120,
      },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, async (reads) => holds(reads)),
      { numRuns: 40 },
    );
  });
});

async function holds(arrivals: readonly { gap: number; key: number }[]): Promise<void> {
  const { clock, calls, reads } = setUp();
  const answers: Promise<void>[] = [];
  const start = clock.now();
  for (const { gap, key } of arrivals) {
    await clock.advance(gap);
    const asked = clock.now();
    answers.push(
      reads.load(`${key}`).then((at) => {
        assert.ok(at! >= asked, 'a read is older than its question');
        assert.ok(at! - asked <= 1_000, 'a read waited for more than a second');
      }),
    );
  }
  await clock.advance(2_000);
  await Promise.all(answers);
  const seconds = (clock.now() - start) / 1_000;
  assert.ok(calls.length <= Math.min(arrivals.length, 20 * seconds + 1), `${calls.length} calls in ${seconds} s`);
}
