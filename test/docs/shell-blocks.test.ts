import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';
import { prose, read } from './markdown.js';
import { allShellBlocks, shellBlocks, type ShellBlock } from './shell-blocks.js';

const SAMPLE = `
# Use

<!-- run: test/guide/none.test.ts -->

\`\`\`sh
one --flag
\`\`\`

## Look

1. First.

   <!-- not run: needs a cluster -->

   \`\`\`console
   $ two \\
     three
   NAME   AGE
   \`\`\`

\`\`\`yaml
# Not a heading
\`\`\`

\`\`\`bash
four
\`\`\`
`;

function place({ file, line }: ShellBlock): string {
  return `${file}:${line}`;
}

/** Why the test that a block names cannot be the one that runs it; null when it can. */
function problem({ file, mark }: ShellBlock): string | null {
  if (mark?.kind !== 'run') return null;
  const { test } = mark;
  if (!/^test\/.+\.test\.ts$/.test(test)) return `${test} is no test`;
  if (!existsSync(join(REPO, test))) return `${test} does not exist`;
  const text = read(test);
  if (!text.includes(`'${file}'`)) return `${test} does not name ${file}`;
  return text.includes('guideOf(import.meta.url)') && text.includes('.forgotten()')
    ? null
    : `${test} does not check that it has run every block that names it`;
}

describe('the shell commands of the documentation', () => {
  it('are each marked with the test that runs them, or with why none does', () => {
    const unmarked = allShellBlocks()
      .filter(({ mark }) => mark === null)
      .map(place);

    assert.deepEqual(unmarked, []);
  });

  it('name tests that take them from the page', () => {
    const problems = allShellBlocks().flatMap((block) => {
      const found = problem(block);
      return found === null ? [] : [`${place(block)}: ${found}`];
    });

    assert.deepEqual(problems, []);
  });

  it('say in words why they are not run', () => {
    const mute = allShellBlocks().filter(({ mark }) => mark?.kind === 'not run' && mark.reason.split(' ').length < 2);

    assert.deepEqual(mute.map(place), []);
  });

  it('are told apart on the pages of users: one with commands that were not run says so', () => {
    const pages = new Set(allShellBlocks().flatMap(({ file, mark }) => (mark?.kind === 'not run' ? [file] : [])));

    const silent = [...pages].filter(
      (file) =>
        /^(README|deploy\/|docs\/)/.test(file) && !/\bnot run\b/i.test(prose(read(file)).replaceAll(/<!--.*-->/g, '')),
    );
    assert.deepEqual(silent, []);
  });
});

describe('shellBlocks', () => {
  it('reads commands, what they print, the heading and the mark', () => {
    const [first, second, third, ...more] = shellBlocks('page.md', SAMPLE);

    assert.deepEqual(first, {
      ...{ file: 'page.md', line: 6, heading: 'Use', script: 'one --flag', output: '' },
      mark: { kind: 'run', test: 'test/guide/none.test.ts' },
    });
    assert.deepEqual(second, {
      ...{ file: 'page.md', line: 16, heading: 'Look', script: 'two \\\n  three', output: 'NAME   AGE' },
      mark: { kind: 'not run', reason: 'needs a cluster' },
    });
    assert.deepEqual([third?.script, third?.heading, third?.mark], ['four', 'Look', null]);
    assert.deepEqual(more, []);
  });

  it('leaves a test that does not exist, or does not read the page, to be found', () => {
    const block = { file: 'page.md', line: 1, heading: '', script: 'true', output: '' };

    const of = (test: string): string | null => problem({ ...block, mark: { kind: 'run', test } });
    assert.match(of('test/guide/none.test.ts') ?? '', /does not exist/);
    assert.match(of('src/main.ts') ?? '', /is no test/);
    assert.match(of('test/docs/links.test.ts') ?? '', /does not name page\.md/);
    assert.equal(problem({ ...block, mark: { kind: 'not run', reason: 'needs Docker' } }), null);
  });
});
