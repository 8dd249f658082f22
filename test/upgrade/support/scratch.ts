import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../../../dev/bootstrap/paths.js';

/** A change of one source file: what is there, and what comes in its place. Every change has to find its text. */
export interface Edit {
  /** Under `src`. */
  readonly file: string;
  readonly from: RegExp;
  readonly to: string;
}

/** A copy of the sources, inside the repository, so that it finds the same packages. */
export interface Scratch {
  readonly dir: string;
  readonly workflowsPath: string;
  remove(): void;
}

/** Copies `src` and changes the copy: another release of the program. */
export function scratchCopy(name: string, edits: readonly Edit[]): Scratch {
  const dir = join(REPO, '.cache/upgrade', `${name}-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  cpSync(join(REPO, 'src'), dir, { recursive: true });
  for (const { file, from, to } of edits) {
    const path = join(dir, file);
    const before = readFileSync(path, 'utf8');
    const after = before.replace(from, to);
    assert.notEqual(after, before, `${file} has no ${String(from)}`);
    writeFileSync(path, after);
  }
  return {
    dir,
    workflowsPath: join(dir, 'workflows/index.ts'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
