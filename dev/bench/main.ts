/**
 * `make bench`: attaches and removes 50 and 200 pairs on stacks of their own, without and with delays of EC2, prints what
 * that took, and writes bench/results.json. About seven minutes, most of which is rest.
 *
 *   node --import tsx dev/bench/main.ts [--pairs 50,200] [--rest SECONDS] [--delays without|with|both] [--out FILE]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { format, resolveConfig } from 'prettier';

import { REPO } from '../bootstrap/paths.js';
import { buildWhenNeeded } from './build.js';
import { total } from './kube-writes.js';
import { callsPerMinute, perPair, printReport } from './report.js';
import { runScenario, type Result, type Scenario } from './scenario.js';

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '50,200' },
    rest: { type: 'string', default: '60' },
    delays: { type: 'string', default: 'both' },
    out: { type: 'string', default: join(REPO, 'bench/results.json') },
  },
});

const WITHOUT = { latency_ms: 0, attach_s: 0 };
const WITH = { latency_ms: 100, attach_s: 2 };

function scenarios(): Scenario[] {
  const counts = options.pairs.split(',').map(Number);
  const restSeconds = Number(options.rest);
  if (![...counts, restSeconds].every((value) => value > 0)) throw new Error('--pairs and --rest are numbers above 0');
  const modes = { without: [WITHOUT], with: [WITH], both: [WITHOUT, WITH] }[options.delays];
  if (modes === undefined) throw new Error('--delays is without, with or both');
  return modes.flatMap((ec2) =>
    counts.map((pairs, index) => ({ pairs, ec2, restSeconds, latency: ec2 === WITHOUT && index === 0 })),
  );
}

async function run(): Promise<void> {
  const all = scenarios();
  if (buildWhenNeeded()) console.log('built dist/');
  const results: Result[] = [];
  for (const scenario of all) {
    const { pairs, ec2 } = scenario;
    const name = `${pairs} pairs, ${ec2.latency_ms} ms a call, ${ec2.attach_s} s to attach`;
    console.log(`${name} …`);
    results.push(await runScenario(scenario, (line) => console.log(`  ${line}`)));
  }
  printReport(results);
  await write(results);
  console.log(`\n${lastLine(results)}`);
}

async function write(results: readonly Result[]): Promise<void> {
  const machine = { cores: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
  const text = JSON.stringify({ at: new Date().toISOString(), machine, results });
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, await format(text, { ...(await resolveConfig(options.out)), parser: 'json' }));
}

function lastLine(results: readonly Result[]): string {
  const last = results.at(-1)!;
  const delays = last.ec2.latency_ms === 0 ? 'without' : 'with';
  const calls = perPair(total(last.attach.ec2Calls), last).toFixed(2);
  const time = `${last.pairs} attached in ${last.attach.seconds.toFixed(1)} s ${delays} delays`;
  return `bench: ${time}, ${calls} EC2 calls a pair, ${callsPerMinute(last)} EC2 calls a minute at rest`;
}

await run().catch((error: unknown) => {
  console.error(`\nbench: failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
process.exit(); // a wait for what has ended meanwhile may still be polling
