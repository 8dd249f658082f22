import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../bootstrap/paths.js';

const MADE = ['dist/main.js', 'dist/workflow-bundle.js', 'dist/kubectl-multi-eni.js'];

/** A program of ours: `main` is `multi-eni`. */
export type ProgramName = 'main' | 'kubectl-multi-eni';

/**
 * What Node.js is given to run a program of ours.
 *
 * @param from - `src` through tsx, or `dist` as `make build` made it, which starts faster. Default: `dist` when it is up to date
 */
export function programArgs(name: ProgramName, from: 'src' | 'dist' = isBuilt() ? 'dist' : 'src'): readonly string[] {
  if (from === 'dist') return [join(REPO, `dist/${name}.js`)];
  return ['--import', import.meta.resolve('tsx'), join(REPO, `src/${name}.ts`)];
}

/** True when dist/, with the workflow bundle, is there and newer than everything in src/. */
export function isBuilt(): boolean {
  const made = MADE.map((name) => join(REPO, name));
  if (!made.every((path) => existsSync(path))) return false;
  const sources = globSync('src/**/*.ts', { cwd: REPO }).map((name) => changedAt(join(REPO, name)));
  return Math.min(...made.map(changedAt)) >= Math.max(...sources);
}

function changedAt(path: string): number {
  return statSync(path).mtimeMs;
}
