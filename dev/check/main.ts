/**
 * `make test`: runs every check, or those that are named.
 *
 *   node --import tsx dev/check/main.ts [list | STEP… | lint | test]
 *
 * The last line is `N passed, N failed`; exit code 1 when something failed, 2 for a step that does not exist.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../bootstrap/paths.js';
import { runStep, type RunningStep } from './run-step.js';
import { runInOrder } from './schedule.js';
import { clearStatus, printResult, printStatus, STATUS_INTERVAL_MS, totalLine } from './screen.js';
import { selectSteps, STEPS, type Step } from './steps.js';

const RESULT_FILE = join(REPO, '.cache/check/result');
const running = new Set<RunningStep>();

function start(step: Step): RunningStep {
  const started = runStep(step);
  running.add(started);
  const result = started.result.then((ended) => {
    running.delete(started);
    printResult(ended);
    return ended;
  });
  return { ...started, result };
}

async function check(steps: readonly Step[]): Promise<number> {
  mkdirSync(join(REPO, '.cache/check'), { recursive: true });
  rmSync(RESULT_FILE, { force: true });
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1000;
  const status = setInterval(() => void printStatus([...running], seconds()), STATUS_INTERVAL_MS);
  const results = await runInOrder(steps, start);
  clearInterval(status);
  clearStatus();
  const failed = results.filter(({ failure }) => failure !== undefined).map(({ step }) => step.name);
  console.log(
    `\n${steps.length} steps in ${Math.round(seconds())} s${failed.length > 0 ? `; failed: ${failed.join(' ')}` : ''}`,
  );
  writeFileSync(RESULT_FILE, `${totalLine(results)}\n`);
  console.log(totalLine(results));
  return failed.length > 0 ? 1 : 0;
}

function interrupt(): void {
  for (const step of running) step.kill();
  process.exit(130);
}

process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
const names = process.argv.slice(2);
if (names[0] === 'list') {
  console.log(STEPS.map(({ name, group }) => `${name.padEnd(14)} ${group}`).join('\n'));
} else {
  try {
    process.exitCode = await check(selectSteps(names));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
