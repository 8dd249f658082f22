import assert from 'node:assert/strict';

import { ago, span } from '../../../src/cli/render/age.js';
import { table } from '../../../src/cli/render/table.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a table', () => {
  it('has headings in capitals, aligned columns, dashes for nothing, and no space at the end of a line', () => {
    const text = table(
      ['Node', 'ENI'],
      [
        ['node-1', 'eni-1'],
        ['n', ''],
      ],
    );

    assert.equal(text, 'NODE     ENI\nnode-1   eni-1\nn        -\n');
  });

  it('of no rows is its headings', () => {
    assert.equal(table(['Node'], []), 'NODE\n');
  });
});

describe('an age', () => {
  const spans: [number, string][] = [
    [-5, '0s'],
    [90 * SECOND, '90s'],
    [5 * MINUTE, '5m'],
    [5 * MINUTE + 30 * SECOND, '5m30s'],
    [45 * MINUTE, '45m'],
    [3 * HOUR + 20 * MINUTE, '3h20m'],
    [30 * HOUR, '30h'],
    [3 * DAY + HOUR, '3d1h'],
    [12 * DAY, '12d'],
  ];
  for (const [ms, text] of spans) {
    it(`of ${ms} ms is ${text}, as kubectl has it`, () => {
      assert.equal(span(ms), text);
    });
  }

  it('of no time, or of one that is none, is empty', () => {
    assert.equal(ago(undefined, 0), '');
    assert.equal(ago('yesterday', 0), '');
    assert.equal(ago('1970-01-01T00:00:00Z', 3 * SECOND), '3s');
  });
});
