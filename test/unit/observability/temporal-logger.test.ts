import assert from 'node:assert/strict';

import { pino } from 'pino';

import { temporalLogger } from '../../../src/observability/temporal-logger.js';

describe("the logger of Temporal's SDK", () => {
  const lines: { level: number; msg: string }[] = [];
  const logger = temporalLogger(
    pino({ level: 'trace' }, { write: (line) => void lines.push(JSON.parse(line) as { level: number; msg: string }) }),
  );

  for (const [name, level] of [
    ['trace', 10],
    ['debug', 20],
    ['info', 30],
    ['warn', 40],
    ['error', 50],
  ] as const) {
    it(`writes ${name} as level ${level}`, () => {
      logger[name]('a line', {});

      const { level: written, msg } = lines.at(-1) ?? { level: 0, msg: '' };
      assert.deepEqual([written, msg], [level, 'a line']);
    });
  }

  it('warns of no worker that has no workflows by design', () => {
    logger.warn('No workflows registered, not polling for workflow tasks');

    assert.equal(lines.at(-1)?.level, 20);
  });
});
