import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { controlPlaneBinary, REPO } from '../bootstrap/paths.js';
import { readableGoLine, readCounts, type Counts } from './counts.js';
import type { Step } from './steps.js';

/** How a step went. */
export interface StepResult {
  readonly step: Step;
  readonly counts: Counts;
  readonly seconds: number;
  /** Why it failed, in words; undefined when it passed. */
  readonly failure: string | undefined;
}

/** A step on its way. */
export interface RunningStep {
  readonly step: Step;
  readonly result: Promise<StepResult>;
  /** The tests that have run so far. */
  countsSoFar(): Promise<Counts>;
  /** Ends it, with everything that it started. */
  kill(): void;
}

const LATE = 'it had not ended after';
const DIR = join(REPO, '.cache/check');

/** The file with everything the step printed. */
export function logFile(step: Step): string {
  return join(DIR, `${step.name}.log`);
}

/** Starts the step; its result always comes, also when it hangs or crashes. */
export function runStep(step: Step): RunningStep {
  mkdirSync(DIR, { recursive: true });
  const countsFile = join(DIR, `${step.name}.counts`);
  rmSync(countsFile, { force: true });
  const begin = performance.now();
  const child = spawn('sh', ['-c', step.command], {
    cwd: REPO,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: path(), COUNTS: countsFile, CONTROL_PLANE: controlPlaneBinary(), NO_COLOR: '1' },
    detached: true, // a process group of its own, to be ended as one
  });
  const log = createWriteStream(logFile(step));
  let printed = 0;
  const collect = (chunk: Buffer): void => {
    printed += chunk.length;
    log.write(chunk);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const kill = (): void => killGroup(child.pid);

  const minutes = step.minutes ?? 5;
  const ended = new Promise<string | undefined>((resolve) => {
    const deadline = setTimeout(() => {
      kill();
      resolve(`${LATE} ${minutes} minutes`);
    }, minutes * 60_000);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      resolve(code === 0 ? undefined : `exit ${code === null ? `by ${String(signal)}` : `code ${code}`}`);
    });
  });
  const finish = async (): Promise<StepResult> => {
    let failure = await ended;
    const counts = await readCounts(step.counts ?? 'none', countsFile);
    if (step.counts === 'go') log.write(await readableGoOutput(countsFile));
    await new Promise((resolve) => log.end(resolve));
    if (step.mustBeSilent === true && printed > 0) failure ??= 'it should have printed nothing';
    const seconds = (performance.now() - begin) / 1000;
    return { step, seconds, ...judge(step, counts, failure) };
  };
  return { step, result: finish(), kill, countsSoFar: () => readCounts(step.counts ?? 'none', countsFile) };
}

/** A step without tests counts as one; one with tests must have run some, and its exit code must agree with them. */
function judge(step: Step, counts: Counts, failure: string | undefined): Pick<StepResult, 'counts' | 'failure'> {
  if (step.counts === undefined || step.counts === 'none') {
    const ok = failure === undefined;
    return { counts: { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }, failure };
  }
  const { passed, failed } = counts;
  const late = failure?.startsWith(LATE) === true ? `, and ${failure}` : '';
  if (failed > 0) return { counts, failure: `${failed} failed${late}` };
  const problem = failure ?? (passed === 0 ? 'it ran no test' : undefined);
  return problem === undefined
    ? { counts, failure: undefined }
    : { counts: { ...counts, failed: 1 }, failure: problem };
}

function path(): string {
  return [join(REPO, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(':');
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}

async function readableGoOutput(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').map(readableGoLine).join('');
}
