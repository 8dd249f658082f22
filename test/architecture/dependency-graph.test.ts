import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';
import { IMPORT_CASES } from './forbidden-imports.js';
import { scratchRepository } from './scratch-repository.js';

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

describe('the dependency graph', function () {
  this.timeout(60_000);
  const paths = IMPORT_CASES.map(({ folder }, index) => `src/${folder}/part/case-${index}.ts`);
  let violations: Violation[];

  before(() => {
    const files: Record<string, string> = {
      'src/domain/circle/one.ts': "import { two } from './two.js';\nexport const one = (): unknown => two;\n",
      'src/domain/circle/two.ts': "import { one } from './one.js';\nexport const two = (): unknown => one;\n",
      'src/novelty/file.ts': "import { x } from '../domain/own.js';\nconsole.log(x);\n",
      'src/worker/dev-package.ts': "import prettier from 'prettier';\nconsole.log(prettier);\n",
    };
    for (const { folder } of IMPORT_CASES) {
      files[`src/${folder}/own.ts`] = 'export const x = 1;\n';
      files[`src/${folder}/part/own.ts`] = 'export const x = 1;\n';
    }
    for (const [index, { code }] of IMPORT_CASES.entries()) {
      // One folder deeper than in the table, where the imports lead the same way.
      files[paths[index] ?? ''] = `${code.replace("'../", "'../../").replace("'../../own", "'../own")};\n`;
    }
    violations = cruise(scratchRepository(files));
  });

  for (const [index, { folder, code, allowed }] of IMPORT_CASES.entries()) {
    it(`${allowed ? 'lets' : 'does not let'} src/${folder} ${code}`, () => {
      const rules = violations.filter(({ from }) => from === paths[index]).map(({ rule }) => rule.name);

      assert.equal(rules.length === 0, allowed, `violated: ${rules.join(', ') || 'nothing'}`);
    });
  }

  for (const [file, rule] of [
    ['src/domain/circle/one.ts', 'no-cycle'],
    ['src/novelty/file.ts', 'known-folder'],
    ['src/worker/dev-package.ts', 'no-dev-dependency'],
  ]) {
    it(`breaks the rule ${rule} where it should`, () => {
      assert.ok(violations.some(({ from, rule: { name } }) => from === file && name === rule));
    });
  }
});

function cruise(dir: string): Violation[] {
  const depcruise = join(REPO, 'node_modules/.bin/depcruise');
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'];
  const { stdout, stderr } = spawnSync(depcruise, args, { cwd: dir, encoding: 'utf8', maxBuffer: 100_000_000 });
  assert.ok(stdout.startsWith('{'), `dependency-cruiser did not run: ${stderr}`);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}
