import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';

/** Folders whose files run in any order in the same worlds. */
const SHARING = ['test/ec2', 'test/cases'];

const SCENE = /Scene\.(?:start|prepare)\(\s*world,\s*'([^']+)'/g;

describe('the scenes of tests that share a world', () => {
  for (const folder of SHARING) {
    it(`in ${folder} have names of their own, since the nodes of an earlier one would match again`, () => {
      const files = globSync('**/*.test.ts', { cwd: join(REPO, folder) });
      const names = files.flatMap((file) => {
        const found = readFileSync(join(REPO, folder, file), 'utf8').matchAll(SCENE);
        return [...found].map(([, name]) => ({ name, file }));
      });

      const twice = names.filter(({ name }, index) => names.findIndex((other) => other.name === name) !== index);
      assert.ok(names.length > 10, `${names.length} scenes were found`);
      assert.deepEqual(twice, []);
    });
  }
});
