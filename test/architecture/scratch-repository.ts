import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';

const CONFIGURATION = ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs', 'dev/check/layers.cjs'];

/**
 * Makes a folder with our configuration, our node_modules and these files. It goes at the end of the tests.
 * @param files contents by path
 * @returns its path
 */
export function scratchRepository(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'multi-eni-architecture-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  symlinkSync(join(REPO, 'node_modules'), join(dir, 'node_modules'));
  for (const file of CONFIGURATION) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    copyFileSync(join(REPO, file), join(dir, file));
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  return dir;
}
