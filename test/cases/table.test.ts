import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';
import { codeSpans, read, tableRows } from '../docs/markdown.js';

const CASES = 69;

describe('the table of cases', () => {
  const rows = tableRows(read('test/cases/README.md'), 'Case | Shown by');

  it('has each case once', () => {
    const ids = rows.map(([id = '']) => id);

    assert.equal(new Set(ids).size, CASES);
    assert.equal(ids.length, CASES);
    for (const id of ids) assert.match(id, /^(ENI|K8|TW|AWS)-\d\d$/);
  });

  it('names tests that there are', () => {
    const named = rows.flatMap(([id, tests = '']) => codeSpans(tests).map((test) => `${id} ${test}`));

    const missing = named.filter((one) => !existsSync(join(REPO, 'test', `${one.split(' ')[1]}.test.ts`)));

    assert.ok(named.length >= CASES);
    assert.deepEqual(missing, []);
  });

  it('names the cases of this folder’s tests as their titles do', () => {
    const here = rows.flatMap(([id = '', tests = '']) =>
      codeSpans(tests).flatMap((test) => (test.startsWith('cases/') ? [[id, test] as const] : [])),
    );

    const unnamed = here.filter(([id, test]) => !read(`test/${test}.test.ts`).includes(id));

    assert.deepEqual(unnamed, []);
  });
});
