import assert from 'node:assert/strict';
import { mock } from 'node:test';

import { type Pulse, startPulse } from '../../../src/observability/pulse.js';

describe('the pulse of a server', () => {
  let probes: number;
  let away: boolean;
  let now: number;
  let pulse: Pulse;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    [probes, away, now] = [0, false, 0];
    pulse = startPulse({
      probe: async () => {
        probes += 1;
        if (away) throw new Error('connection refused');
      },
      everyMs: 1_000,
      awayMs: 3_000,
      now: () => now,
    });
  });

  afterEach(() => {
    pulse.stop();
    mock.timers.reset();
  });

  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      now += 1_000;
      mock.timers.tick(1_000);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
  }

  it('is there while the server answers', async () => {
    await pass(60);

    assert.equal(pulse.check(), null);
    assert.equal(probes, 60);
  });

  it('is lost some time after the last answer, with what the client said, and is back with the next', async () => {
    await pass(2);
    away = true;
    await pass(3);
    const soon = pulse.check();
    await pass(2);
    const later = pulse.check();
    away = false;
    await pass(1);

    assert.equal(soon, null);
    assert.equal(later, 'no answer for 5 s: connection refused');
    assert.equal(pulse.check(), null);
  });

  it('is lost too when a probe does not come back', () => {
    now = 10_000;

    assert.match(pulse.check() ?? '', /^no answer for 10 s/);
  });

  it('is felt no more after a stop', async () => {
    await pass(1);
    pulse.stop();
    await pass(5);

    assert.equal(probes, 1);
  });
});
