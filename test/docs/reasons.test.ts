import assert from 'node:assert/strict';

import { REASONS } from '../../src/domain/reasons.js';
import { codeSpans, read, tableRows } from './markdown.js';

const DOCUMENT = 'docs/reasons.md';

/** What records Events. */
const RECORDERS = ['src/watcher/watcher.ts', 'src/activities/survey-enis.ts', 'src/activities/delete-orphan.ts'];

describe(DOCUMENT, () => {
  it('has every reason of src/domain/reasons.ts, with its advice and in its order', () => {
    const rows = tableRows(read(DOCUMENT), 'Reason | What to do').map(([reason = '', advice]) => [
      reason.replaceAll('`', ''),
      advice,
    ]);

    assert.deepEqual(rows, Object.entries(REASONS));
  });

  it('has every condition of a NodeENI, with its reasons', () => {
    const rows = new Map(tableRows(read(DOCUMENT), 'Condition | Reasons').map(([type, reasons]) => [type, reasons]));
    const source = read('src/domain/node-eni-conditions.ts');
    const used = [...source.matchAll(/condition\(\s*'(\w+)',\s*'\w+',\s*'(\w+)'/g)];

    const missing = used
      .filter(([, type = '', reason = '']) => !codeSpans(rows.get(`\`${type}\``) ?? '').includes(reason))
      .map(([, type = '', reason = '']) => `${type}: ${reason}`);
    assert.ok(used.length > 5);
    assert.deepEqual(missing, []);
  });

  it('has every reason of an Event', () => {
    const events = tableRows(read(DOCUMENT), 'Event | On').map(([event]) => event);

    const recorded = RECORDERS.flatMap((file) => [...read(file).matchAll(/\breason: '(\w+)'/g)]);
    assert.ok(recorded.length >= RECORDERS.length);
    for (const [, reason = ''] of recorded) assert.ok(events.includes(`\`${reason}\``), reason);
  });
});
