/**
 * `make crash-matrix`: records the calls of a quiet pair's life, strikes pairs before and after each call and by the loss
 * of its reply, and writes what became of them into docs/reliability.md. About a quarter of an hour.
 *
 *   node --import tsx dev/crash-matrix/main.ts [--sample] [--from src|dist] [--only TEXT] [--no-write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { format, resolveConfig } from 'prettier';

import { REPO } from '../bootstrap/paths.js';
import { everyBoundary, sample } from './boundaries.js';
import { type Boundary, type LifeCall, nameOf } from './calls.js';
import { between, markdown } from './report.js';
import { type Matrix, type MatrixOptions, runMatrix } from './run-matrix.js';
import { converged, lastLine } from './verdict.js';

const FILE = join(REPO, 'docs/reliability.md');

const { values: options } = parseArgs({
  options: {
    sample: { type: 'boolean', default: false },
    from: { type: 'string' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

function choose(calls: readonly LifeCall[]): Boundary[] {
  const all = options.sample ? sample(calls) : everyBoundary(calls);
  return all.filter((boundary) => nameOf(boundary).includes(options.only));
}

async function write(matrix: Matrix): Promise<void> {
  const text = between(readFileSync(FILE, 'utf8'), markdown(matrix));
  writeFileSync(FILE, await format(text, { ...(await resolveConfig(FILE)), parser: 'markdown' }));
}

function program(): Pick<MatrixOptions, 'from'> {
  const { from } = options;
  if (from === undefined) return {};
  if (from !== 'src' && from !== 'dist') throw new Error('--from is src or dist');
  return { from };
}

async function run(): Promise<void> {
  const matrix = await runMatrix({ ...program(), choose, log: (line) => console.log(line) });
  const { verdicts } = matrix;
  if (options.write && !options.sample && options.only === '') await write(matrix);
  console.log(`\n${lastLine(verdicts)}`);
  if (verdicts.length === 0 || !verdicts.every(converged)) process.exitCode = 1;
}

await run().catch((error: unknown) => {
  console.error(`\ncrash matrix: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exitCode = 1;
});
process.exit(); // a wait for what has ended meanwhile may still be polling
