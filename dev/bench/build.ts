import { execFileSync } from 'node:child_process';

import { REPO } from '../bootstrap/paths.js';
import { isBuilt } from '../stack/built.js';

/** Builds dist/ when it is missing or older than src/. Returns whether it did. @throws Error with the compiler's output */
export function buildWhenNeeded(): boolean {
  if (isBuilt()) return false;
  try {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: REPO, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`npm run build failed:\n${stdout}${stderr}`, { cause: error });
  }
  return true;
}
