/**
 * Records the lives of test/replay/lives.ts as histories in test/histories. Run by hand, once for each
 * release, whose name the files begin with, and never again for one that is out:
 *
 *     npx tsx test/replay/record.ts 0.1.0
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { REPO } from '../../dev/bootstrap/paths.js';
import { bundled, PairLab } from '../support/builders-temporal.js';
import { LIVES, recorded } from './lives.js';

async function record(release: string): Promise<void> {
  const env = await PairLab.server();
  const bundle = await bundled();
  const folder = join(REPO, 'test/histories');
  await mkdir(folder, { recursive: true });
  for (const name of Object.keys(LIVES)) {
    const history = await recorded(env, bundle, name);
    // Stack traces in failures name the folder of the machine that recorded.
    await writeFile(join(folder, `${release}-${name}.json`), history.replaceAll(`${REPO}/`, ''));
  }
  await env.teardown();
}

// Mocha loads every file of this folder; only the command line records.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  void record(process.argv[2] ?? 'unreleased').then(() => process.exit());
}
