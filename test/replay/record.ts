/**
 * Records every life of test/replay/lives as histories in test/histories. Run by hand, once for each release, after its
 * version has been set in package.json, which the files begin with; those of a release that is out are never made again:
 *
 *     npx tsx test/replay/record.ts
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { REPO } from '../../dev/bootstrap/paths.js';
import { bundled, PairLab } from '../support/builders-temporal.js';
import { fileName, histories, HISTORIES } from './histories.js';
import { LIVES, recorded } from './lives.js';

async function record(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as { version: string };
  if (histories().some(({ release }) => release === version)) {
    throw new Error(`test/histories has those of ${version} already; a release is recorded once`);
  }
  const env = await PairLab.server();
  const bundle = await bundled();
  for (const [name, life] of Object.entries(LIVES)) {
    const runs = await recorded(env, bundle, life);
    console.log(`${name}: ${runs.length === 1 ? 'one run' : `${runs.length} runs`}`);
    for (const [index, history] of runs.entries()) {
      const file = join(HISTORIES, fileName(version, name, index + 1, runs.length));
      // Stack traces in failures name the folder of the machine that recorded.
      await writeFile(file, history.replaceAll(`${REPO}/`, ''));
    }
  }
  await env.teardown();
}

// Mocha loads every file of this folder; only the command line records.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  record().then(
    () => process.exit(),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}
