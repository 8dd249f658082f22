import { readFile } from 'node:fs/promises';

/** How a step's tests went. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Which machine-readable result a step writes; `none` for one that only has an exit code. */
export type CountsFormat = 'none' | 'mocha' | 'junit' | 'go';

const NO_TESTS: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Reads what a step wrote to `file`, complete or not; zeros when there is nothing (yet). */
export async function readCounts(format: CountsFormat, file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => '');
  switch (format) {
    case 'none':
      return NO_TESTS;
    case 'mocha':
      return mochaCounts(text);
    case 'junit':
      return junitCounts(text);
    case 'go':
      return goCounts(text);
  }
}

function mochaCounts(text: string): Counts {
  try {
    return JSON.parse(text) as Counts;
  } catch {
    return NO_TESTS; // not there yet, or just being written
  }
}

/** pytest's `--junitxml`: its counts are attributes of the test suite. */
function junitCounts(text: string): Counts {
  const number = (name: string): number =>
    Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  const skipped = number('skipped');
  return { passed: Math.max(0, number('tests') - failed - skipped), failed, skipped };
}

/** `go test -json`: one event a line; those without a test's name are about a whole package. */
function goCounts(text: string): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const keys = { pass: 'passed', fail: 'failed', skip: 'skipped' } as const;
  for (const line of text.split('\n')) {
    const event = goEvent(line);
    if (event?.Test !== undefined && event.Action in keys) counts[keys[event.Action as keyof typeof keys]] += 1;
  }
  return counts;
}

function goEvent(line: string): { Action: string; Test?: string; Output?: string } | undefined {
  try {
    return JSON.parse(line) as { Action: string; Test?: string; Output?: string };
  } catch {
    return undefined;
  }
}

/** The text that people want to read of a `go test -json` line; other lines as they are. */
export function readableGoLine(line: string): string {
  const event = goEvent(line);
  return event === undefined ? `${line}\n` : (event.Output ?? '');
}
