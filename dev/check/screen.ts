import { readFileSync } from 'node:fs';

import type { Counts } from './counts.js';
import { logFile, type RunningStep, type StepResult } from './run-step.js';

const TAIL_LINES = 60;
const isTerminal = process.stdout.isTTY;

/** Prints that a step has ended, and the end of its output when it failed. */
export function printResult({ step, counts, seconds, failure }: StepResult): void {
  const mark = failure === undefined ? colour(32, '✓') : colour(31, '✗');
  const tests =
    step.counts === undefined
      ? ''
      : `${counts.passed} passed${and(counts.failed, 'failed')}${and(counts.skipped, 'skipped')}`;
  clearStatus();
  console.log(
    `${mark} ${step.name.padEnd(14)} ${`${seconds.toFixed(1)} s`.padStart(8)}   ${failure ?? tests}`.trimEnd(),
  );
  if (failure === undefined) return;
  const lines = readFileSync(logFile(step), 'utf8').trimEnd().split('\n');
  console.log(
    lines
      .slice(-TAIL_LINES)
      .map((line) => `    ${line}`)
      .join('\n'),
  );
  console.log(`    ${colour(2, `all of it: ${logFile(step)}`)}`);
}

/** Shows what is being done: a line that is overwritten on a terminal, elsewhere one that stays. */
export async function printStatus(running: readonly RunningStep[], seconds: number): Promise<void> {
  const parts = running.map(async (each) => {
    const { step } = each;
    const { passed, failed } = await each.countsSoFar();
    return step.counts === undefined ? step.name : `${step.name} (${passed} passed${and(failed, 'failed')})`;
  });
  const line = `… ${(await Promise.all(parts)).join(', ')}   ${Math.round(seconds)} s`;
  if (isTerminal) process.stdout.write(`\r\u001b[K${colour(2, line)}`);
  else console.log(line);
}

/** Milliseconds between two statuses. */
export const STATUS_INTERVAL_MS = isTerminal ? 1000 : 30_000;

/** The last thing that is printed: `N passed, N failed`. */
export function totalLine(results: readonly StepResult[]): string {
  const sum = (key: keyof Counts): number => results.reduce((total, { counts }) => total + counts[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}

/** Takes the status line away. */
export function clearStatus(): void {
  if (isTerminal) process.stdout.write('\r\u001b[K');
}

function and(count: number, what: string): string {
  return count === 0 ? '' : `, ${count} ${what}`;
}

function colour(code: number, text: string): string {
  return isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text;
}
