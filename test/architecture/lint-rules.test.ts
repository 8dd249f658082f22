import assert from 'node:assert/strict';

import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

import { REPO } from '../../dev/bootstrap/paths.js';
import { IMPORT_CASES } from './forbidden-imports.js';

const RULES = {
  'no-restricted-syntax': [
    ['src/domain/case.ts', 'export const now = Date.now();'],
    ['src/domain/case.ts', 'export const now = new Date();'],
    ['src/domain/case.ts', 'export const chance = Math.random();'],
    ['src/activities/case.ts', "export const region = process.env['AWS_REGION'];"],
    ['src/watcher/case.ts', 'process.exit(1);'],
    ['src/watcher/case.ts', 'logger.info({ name }, `node ${name} has come`);'],
    ['src/aws/case.ts', 'export enum Phase { Pending }'],
    ['src/aws/case.ts', 'export const double = (n: number): number => 2 * n;'],
  ],
  'no-restricted-globals': [['src/domain/case.ts', 'setTimeout(() => undefined, 1);']],
  'no-restricted-exports': [['src/aws/case.ts', 'export default 1;']],
  'max-params': [['src/aws/case.ts', 'export function f(a: 1, b: 2, c: 3, d: 4, e: 5): number { return a+b+c+d+e; }']],
  'max-lines': [['src/aws/case.ts', 'export {};\n'.repeat(301)]],
  '@typescript-eslint/explicit-module-boundary-types': [['src/aws/case.ts', 'export function f() { return 1; }']],
  '@typescript-eslint/no-restricted-imports': [
    ['src/contract/case.ts', "import { sleep } from '@temporalio/workflow'; console.log(sleep);"],
  ],
} as const;

const FINE = [
  ['src/workflows/case.ts', 'export const now = Date.now();'], // Temporal's sandbox has a clock that replays
  ['src/domain/case.ts', 'export const epoch = new Date(0);'],
  ['src/config/case.ts', "export const region = process.env['AWS_REGION'];"],
  ['src/main.ts', 'process.exit(1);'],
  ['src/watcher/case.ts', "logger.info({ name }, 'node has come');"],
] as const;

describe('the lint rules', function () {
  this.timeout(60_000);
  // The files are not on disk, so what needs their types is left out here.
  const { disableTypeChecked } = tseslint.configs;
  const eslint = new ESLint({
    cwd: REPO,
    overrideConfig: [
      { ...disableTypeChecked, files: ['**/*.ts'] },
      { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
    ],
  });

  async function broken(filePath: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath });
    return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
  }

  for (const { folder, code, allowed } of IMPORT_CASES) {
    it(`${allowed ? 'let' : 'do not let'} src/${folder} ${code}`, async () => {
      const rules = await broken(
        `src/${folder}/part/case.ts`,
        code.replace("'../", "'../../").replace("'../../own", "'../own"),
      );

      assert.equal(!rules.includes('@typescript-eslint/no-restricted-imports'), allowed, rules.join(', '));
    });
  }

  for (const [rule, samples] of Object.entries(RULES)) {
    for (const [path, code] of samples) {
      it(`forbid by ${rule} in ${path}: ${code.slice(0, 60).split('\n')[0]}`, async () => {
        assert.ok((await broken(path, code)).includes(rule));
      });
    }
  }

  for (const [path, code] of FINE) {
    it(`do not mind in ${path}: ${code}`, async () => {
      const rules = await broken(path, code);

      assert.deepEqual(
        rules.filter((rule) => rule !== 'no-undef'),
        [],
      );
    });
  }
});
