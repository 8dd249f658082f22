import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';
import { STEPS } from '../../dev/check/steps.js';

const LONGEST = 300;
const OURS = ['src/**/*.ts', 'dev/**/*.{ts,cjs,py,go,sh}', 'test/**/*.ts', 'deploy/**/*.sh'];

function files(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: REPO }));
}

describe('the files of the repository', () => {
  it('have names in kebab case', () => {
    const odd = files(['src/**/*.ts', 'dev/**/*.{ts,cjs,sh}', 'test/**/*.ts']).filter((file) => {
      return !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|cjs|sh)$/.test(basename(file));
    });

    assert.deepEqual(odd, []);
  });

  it(`have at most ${LONGEST} lines`, () => {
    const long = files(OURS).filter((file) => readFileSync(join(REPO, file), 'utf8').split('\n').length > LONGEST + 1);

    assert.deepEqual(long, []);
  });

  it('with tests are all run by `make test`', () => {
    const commands = STEPS.map(({ command }) => command).join(' ');
    const folders = new Set(files(['test/**/*.test.ts']).map((file) => file.split('/').slice(0, 2).join('/')));

    const forgotten = [...folders].filter((folder) => !new RegExp(`${folder}( |$)`).test(commands));
    assert.deepEqual(forgotten, []);
  });

  it('are short for the most part: the median is at most 100 lines', () => {
    const lengths = files(['src/**/*.ts']).map((file) => readFileSync(join(REPO, file), 'utf8').split('\n').length);

    const median = lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
    assert.ok(median <= 100, `the median is ${median}`);
  });
});
