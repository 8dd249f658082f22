import { execFile } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { REPO, TEMPORAL } from '../../../dev/bootstrap/paths.js';
import { programArgs } from '../../../dev/stack/built.js';

const execute = promisify(execFile);

/**
 * Fills the folder `bin` of `dir` with what readers of the documentation have: kubectl with the plugin, helm, temporal.
 * The first and the third may have to be built, which takes minutes once.
 *
 * @returns the folder, for the PATH
 */
export async function bringPrograms(dir: string): Promise<string> {
  const bin = join(dir, 'bin');
  await mkdir(bin, { recursive: true });
  const [kubectl, helm] = await Promise.all([printed('test/guide/kubectl/bring.sh'), printed('dev/helm/bring.sh')]);
  await Promise.all([
    symlink(kubectl, join(bin, 'kubectl')),
    symlink(helm, join(bin, 'helm')),
    symlink(TEMPORAL, join(bin, 'temporal')),
    bringPlugin(bin),
  ]);
  return bin;
}

async function printed(script: string): Promise<string> {
  const { stdout } = await execute('sh', [join(REPO, script)]);
  return stdout.trim();
}

/** As npm would install it. */
async function bringPlugin(bin: string): Promise<void> {
  const program = [process.execPath, ...programArgs('kubectl-multi-eni')].map((part) => `'${part}'`).join(' ');
  const file = join(bin, 'kubectl-multi_eni');
  await writeFile(file, `#!/bin/sh\nexec ${program} "$@"\n`);
  await chmod(file, 0o755);
}
