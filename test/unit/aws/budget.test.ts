import assert from 'node:assert/strict';

import { MutationBudget } from '../../../src/aws/budget.js';
import { Ec2Error } from '../../../src/aws/errors.js';
import { FakeClock } from './fake-clock.js';

const ACTION = 'CreateNetworkInterface';

/** Sends `count` calls; resolves with when each went out, in ms from now, or for how long it was sent away. */
function calls(clock: FakeClock, budget: MutationBudget, count: number): Promise<{ out?: number; away?: number }[]> {
  const start = clock.now();
  return Promise.all(
    Array.from({ length: count }, async () => {
      try {
        await budget.acquire(ACTION);
        return { out: clock.now() - start };
      } catch (error) {
        assert.ok(error instanceof Ec2Error);
        assert.deepEqual([error.kind, error.reason, error.definite], ['transient', 'Throttled', true]);
        return { away: error.retryAfterMs! };
      }
    }),
  );
}

describe('the budget of changes', () => {
  it('limits nothing before EC2 has throttled', async () => {
    const clock = new FakeClock();
    const sent = await calls(clock, new MutationBudget(clock), 500);

    assert.ok(sent.every(({ out }) => out === 0));
  });

  it('halves at a throttle what EC2 took in the last second, and the next call is a step away', async () => {
    const clock = new FakeClock();
    const budget = new MutationBudget(clock);
    await calls(clock, budget, 21);
    await clock.advance(10);
    budget.throttled(ACTION, clock.now() - 10);

    const sent = calls(clock, budget, 3);
    await clock.advance(1_000);

    assert.deepEqual(await sent, [{ out: 100 }, { out: 200 }, { out: 300 }]);
  });

  it('counts the throttles of one burst as one', async () => {
    const clock = new FakeClock();
    const budget = new MutationBudget(clock);
    await calls(clock, budget, 35);
    const startedAt = clock.now();
    for (let each = 0; each < 15; each += 1) {
      await clock.advance(100);
      budget.throttled(ACTION, startedAt);
    }

    const sent = calls(clock, budget, 2);
    await clock.advance(1_000);

    assert.deepEqual(await sent, [{ out: 100 }, { out: 200 }]);
  });

  it('halves the limit again at most once a second', async () => {
    const clock = new FakeClock();
    const budget = new MutationBudget(clock);
    await calls(clock, budget, 41);
    budget.throttled(ACTION, clock.now());
    for (let each = 0; each < 11; each += 1) {
      await clock.advance(100);
      budget.throttled(ACTION, clock.now());
    }

    const sent = calls(clock, budget, 2);
    await clock.advance(1_000);

    // From 20/s, that rose by 0.05/s in the 100 ms since the throttle before, to half of it; then risen for 100 ms.
    const [first, second] = await sent;
    assert.ok(Math.abs(second!.out! - first!.out! - 1_000 / 10.05) < 1);
  });

  it('never falls below a call a second', async () => {
    const clock = new FakeClock();
    const budget = new MutationBudget(clock);
    for (let each = 0; each < 10; each += 1) {
      await clock.advance(1);
      budget.throttled(ACTION, clock.now());
    }

    const sent = calls(clock, budget, 1);
    await clock.advance(1_100);

    const [first] = await sent;
    assert.ok(first!.out! <= 1_000);
  });

  it('sends away those who would wait for more than two seconds, each to a later time', async () => {
    const clock = new FakeClock();
    const waits: number[] = [];
    const budget = new MutationBudget(clock, (_action, ms) => waits.push(ms));
    budget.throttled(ACTION, clock.now());

    const sent = calls(clock, budget, 6);
    await clock.advance(2_000);

    const results = await sent;
    assert.deepEqual(results.slice(0, 2), [{ out: 1_000 }, { out: 2_000 }]);
    const away = results.slice(2).map((result) => result.away!);
    assert.deepEqual(away, [3_000, 4_000, 5_000, 6_000]);
    assert.equal(waits.length, 6);
  });

  it('rises by half a call a second each second, and is forgotten after two minutes', async () => {
    const clock = new FakeClock();
    const budget = new MutationBudget(clock);
    budget.throttled(ACTION, clock.now());
    await clock.advance(8_000);

    const risen = calls(clock, budget, 3);
    await clock.advance(1_000);
    assert.deepEqual(await risen, [{ out: 0 }, { out: 200 }, { out: 400 }]);

    await clock.advance(111_000);
    const free = await calls(clock, budget, 300);
    assert.ok(free.every(({ out }) => out === 0));
  });

  it('is another one for each action', async () => {
    const clock = new FakeClock();
    const budget = new MutationBudget(clock);
    budget.throttled('DeleteNetworkInterface', clock.now());

    const sent = await calls(clock, budget, 10);

    assert.ok(sent.every(({ out }) => out === 0));
  });

  it('spreads the calls that EC2 throttled, with jitter and a minute at most', () => {
    const clock = new FakeClock();
    const budget = new MutationBudget(clock);
    const startedAt = clock.now();
    const spread = Array.from({ length: 200 }, () => budget.throttled(ACTION, startedAt));
    clock.chance = 0;

    assert.deepEqual(spread.slice(0, 3), [1_000, 2_000, 3_000]);
    assert.equal(Math.max(...spread), 60_000);
    assert.equal(budget.throttled(ACTION, startedAt), 48_000);
  });
});
