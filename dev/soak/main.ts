/**
 * `make soak`: half an hour of random faults on 200 pairs, on a stack of its own; SOAK_MINUTES for another length. What
 * happens is drawn from a seed, which is printed, and SOAK_SEED or --seed plays it again.
 *
 *   node --import tsx dev/soak/main.ts [--minutes 30] [--pairs 200] [--seed N] [--every SECONDS] [--from dist|src]
 *     [--dir FOLDER] [--without-ec2-damage] [--report]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { buildWhenNeeded } from '../bench/build.js';
import { REPO } from '../bootstrap/paths.js';
import { findings, insertReport, isGood, lastLine, markdown } from './report.js';
import { soak } from './run.js';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: process.env['SOAK_MINUTES'] ?? '30' },
    pairs: { type: 'string', default: '200' },
    seed: { type: 'string', default: process.env['SOAK_SEED'] ?? String(Date.now() % 1_000_000) },
    every: { type: 'string', default: '1.5' },
    from: { type: 'string', default: 'dist' },
    /** Keeps databases and logs. */
    dir: { type: 'string' },
    'without-ec2-damage': { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});

const PAGE = join(REPO, 'docs/reliability.md');

/** NodeENIs, and so ENIs on each node. */
const NODE_ENIS = 4;

/** The longest grace of the controller is five minutes: an ENI that was made and never seen. */
const SETTLE_MS = 420_000;

async function run(): Promise<boolean> {
  const [minutes, everySeconds] = [Number(options.minutes), Number(options.every)];
  const [pairs, seed] = [Number(options.pairs), Number(options.seed)];
  if (!isAbove0(minutes) || !isAbove0(everySeconds) || !Number.isInteger(seed))
    throw new Error('--minutes and --every are numbers above 0, --seed is a whole number');
  if (!isAbove0(pairs) || pairs % NODE_ENIS !== 0 || pairs < 2 * NODE_ENIS)
    throw new Error(`--pairs is a multiple of ${NODE_ENIS}, from ${2 * NODE_ENIS} on`);
  const { from, dir } = options;
  if (from !== 'dist' && from !== 'src') throw new Error('--from is dist or src');
  if (options.report) insertReport(readFileSync(PAGE, 'utf8'), ''); // before half an hour is spent
  if (from === 'dist' && buildWhenNeeded()) console.log('built dist/');
  if (dir !== undefined) mkdirSync(dir, { recursive: true });
  console.log(`soak: seed ${seed}, ${minutes} minutes, ${pairs} pairs`);
  const result = await soak({
    ...{ seed, seconds: minutes * 60, everySeconds, nodes: pairs / NODE_ENIS, nodeEnis: NODE_ENIS, from },
    ...{ ec2Damage: !options['without-ec2-damage'], settleMs: SETTLE_MS, log: (line: string) => console.log(line) },
    ...(dir === undefined ? {} : { dir }),
  });
  console.log(`\n${markdown(result)}\n`);
  if (options.report) writeFileSync(PAGE, insertReport(readFileSync(PAGE, 'utf8'), markdown(result)));
  for (const line of findings(result)) console.log(line);
  console.log(lastLine(result));
  return isGood(result);
}

function isAbove0(value: number): boolean {
  return value > 0;
}

const good = await run().catch((error: unknown) => {
  console.error(`\nsoak: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return false;
});
process.exit(good ? 0 : 1); // a wait for what has ended meanwhile may still be polling
