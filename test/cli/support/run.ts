import { execFile } from 'node:child_process';

import { REPO } from '../../../dev/bootstrap/paths.js';
import { programArgs } from '../../../dev/stack/built.js';
import { runCli } from '../../../src/cli/run-cli.js';

/** What a run of the plugin gave. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const PROGRAM = programArgs('kubectl-multi-eni');

/** Runs the plugin as a process of its own, with this environment and no other. */
export async function plugin(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<Run> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const options = { cwd: REPO, env: { PATH, HOME: '/nonexistent', ...env }, timeout: 90_000 };
    const child = execFile(process.execPath, [...PROGRAM, ...args], options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out, err });
    });
    child.stdin?.end(input);
  });
}

/** Runs the plugin within this process: for what needs no process of its own, which takes seconds on a busy machine. */
export async function inProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const said = { out: '', err: '' };
  const io = {
    env,
    home: '/nonexistent',
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
    stdin: async () => '',
    now: Date.now,
  };
  const code = await runCli(io, args, 'test');
  return { code, ...said };
}

/** The rows of a printed table, each with its cells by heading; the first line that has the first heading begins it. */
export function tableIn(text: string, firstHeading: string): Record<string, string>[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${firstHeading} `));
  if (start === -1) throw new Error(`no table that begins with ${firstHeading} in:\n${text}`);
  const head = lines[start] ?? '';
  const columns = [...head.matchAll(/\S+( \S+)*/g)].map(({ index, 0: name }) => ({ index, name }));
  const end = lines.findIndex((line, index) => index > start && line === '');
  return lines.slice(start + 1, end === -1 ? undefined : end).map((line) => {
    const cells = columns.map(({ index, name }, place) => [name, line.slice(index, columns[place + 1]?.index).trim()]);
    return Object.fromEntries(cells) as Record<string, string>;
  });
}
