import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder; goes at the end of the test file's run. */
export function scratchFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'multi-eni-test-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** True when a process with this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
