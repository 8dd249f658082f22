import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { REPO } from '../bootstrap/paths.js';

const BUILD_MS = 20 * 60_000;

/**
 * Runs a script of the repository that brings something where it is not there, and shows its progress.
 * @returns the path that it prints @throws Error with its output when it fails or takes longer than twenty minutes
 */
export async function bring(script: string, ...args: readonly string[]): Promise<string> {
  const running = promisify(execFile)('sh', [join(REPO, script), ...args], { timeout: BUILD_MS });
  running.child.stderr?.pipe(process.stderr, { end: false });
  const { stdout } = await running;
  return stdout.trim();
}
