import assert from 'node:assert/strict';

import { memoryCurve } from '../../dev/soak/memory.js';
import { findings, insertReport, isGood, lastLine, markdown } from '../../dev/soak/report.js';
import { result } from './builders.js';

describe('the report of a run', () => {
  it('ends with one line that says all', () => {
    const line = lastLine(result());

    assert.equal(line, 'soak: 30 minutes, 200 pairs, 3 faults, 0 leaked, 0 doubled, 0 wrong');
    assert.ok(markdown(result()).endsWith(`${line}\n\`\`\``));
    assert.ok(isGood(result()));
  });

  it('counts and names what was found', () => {
    const found = result({
      violations: [
        { kind: 'doubled', what: 'two', seq: 1, t: 1 },
        { kind: 'wrong', what: 'foreign', seq: 2, t: 2 },
      ],
      problems: [{ pair: 'soak-0/node-1', what: 'its ENIs: none' }],
      leaked: ['eni-1'],
    });

    assert.match(lastLine(found), /1 leaked, 1 doubled, 2 wrong$/);
    assert.deepEqual(findings(found), [
      'doubled: two (journal 1, t 1)',
      'wrong: foreign (journal 2, t 2)',
      'not settled: soak-0/node-1: its ENIs: none',
      'leaked: eni-1',
    ]);
    assert.ok(!isGood(found));
  });

  it('is not good when memory grew', () => {
    const grown = result({ memory: { seconds: 900, quarters: [200, 200, 210, 221], most: 230 } });

    assert.deepEqual(findings(grown), ['the memory of the controller grew: 200, 200, 210 and 221 MiB (most: 230 MiB)']);
    assert.ok(!isGood(grown));
  });

  it('is good when memory grew at first and no longer', () => {
    const plateau = result({ memory: { seconds: 900, quarters: [100, 200, 210, 219], most: 230 } });

    assert.deepEqual(findings(plateau), []);
    assert.ok(isGood(plateau));
  });

  it('goes between the markers of a page, in the place of the one before', () => {
    const page = 'before\n<!-- soak:begin -->\nold\n<!-- soak:end -->\nafter\n';

    const written = insertReport(insertReport(page, 'first'), 'second');

    assert.equal(written, 'before\n<!-- soak:begin -->\n\nsecond\n\n<!-- soak:end -->\nafter\n');
  });

  it('is refused by a page without the markers', () => {
    assert.throws(() => insertReport('nothing', 'report'), /lacks the lines <!-- soak:begin --> and <!-- soak:end -->/);
  });
});

describe('the memory of a controller', () => {
  const sample = (pid: number) => (mib: number, index: number) => ({ at: index * 1000, pid, mib });

  it('is told of each quarter of the last process, after its warm-up', () => {
    const first = Array.from({ length: 30 }, () => 500).map(sample(1));
    const last = Array.from({ length: 100 }, (_, index) => (index < 20 ? 50 : 100 + index)).map(sample(2));

    const curve = memoryCurve([...first, ...last], 20_000);

    assert.deepEqual(curve, { seconds: 79, quarters: [130, 150, 170, 190], most: 199 });
  });

  it('is not judged when the last process ran too short', () => {
    const samples = Array.from({ length: 30 }, () => 500).map(sample(1));

    assert.equal(memoryCurve(samples, 25_000), null);
  });
});
