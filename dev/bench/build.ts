import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../bootstrap/paths.js';

/** Builds dist/ when it is missing or older than src/. Returns whether it did. @throws Error with the compiler's output */
export function buildWhenNeeded(): boolean {
  const made = ['dist/main.js', 'dist/workflow-bundle.js'].map((name) => join(REPO, name));
  const built = made.every((path) => existsSync(path)) ? Math.min(...made.map(changed)) : 0;
  const sources = globSync('src/**/*.ts', { cwd: REPO }).map((name) => changed(join(REPO, name)));
  if (built >= Math.max(...sources)) return false;
  try {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: REPO, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`npm run build failed:\n${stdout}${stderr}`, { cause: error });
  }
  return true;
}

function changed(path: string): number {
  return statSync(path).mtimeMs;
}
