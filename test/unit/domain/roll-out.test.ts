import assert from 'node:assert/strict';

import type { UpdateStrategy } from '../../../src/domain/node-eni.js';
import { rollOutWords } from '../../../src/domain/roll-out.js';
import { nodeEni } from '../../support/builders.js';

const WAITING = 'waiting for the roll-out to finish: ';

describe('a roll-out in words', () => {
  const rows: readonly [string, UpdateStrategy, number, string][] = [
    ['says how far it is', rolling(1), 0, `${WAITING}2 out of 10 ENIs have been updated`],
    [
      'says what holds it',
      rolling(1),
      1,
      `${WAITING}2 out of 10 ENIs have been updated, 1 unavailable (maxUnavailable 1); it goes on when they are attached`,
    ],
    ['takes a percentage of the ENIs', rolling('20%'), 1, `${WAITING}2 out of 10 ENIs have been updated`],
    [
      'says what to do when it waits for people',
      { type: 'OnDelete', maxUnavailable: 1 },
      0,
      '2 out of 10 ENIs have been updated; delete the NodeENIAttachments of the others to update them',
    ],
  ];
  for (const [title, updateStrategy, unavailable, words] of rows) {
    it(title, () => {
      const one = nodeEni({ spec: { updateStrategy } });

      assert.equal(rollOutWords({ nodeEni: one, desired: 10, updated: 2, unavailable }), words);
    });
  }
});

function rolling(maxUnavailable: number | string): UpdateStrategy {
  return { type: 'RollingUpdate', maxUnavailable };
}
