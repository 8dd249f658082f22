import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { buildWhenNeeded } from '../bench/build.js';
import { REPO } from '../bootstrap/paths.js';
import { removeWhenWeEnd } from '../stack/leash.js';
import { bring } from './bring.js';
import { all, instructionsOf, type Stage, stagesOf } from './dockerfile.js';

/** What the Dockerfile's last stage holds, as a folder of this machine. */
export interface Install {
  /** Stands for the image's `/app`. Nobody may write there. */
  readonly app: string;
  /** The whole scratch folder, which every user can reach. */
  readonly dir: string;
  /** The last stage: environment, entrypoint, command. */
  readonly image: Stage;
  /** Removes it all. */
  remove(): Promise<void>;
}

const execute = promisify(execFile);

/**
 * Makes what `docker build` makes, without Docker: copies what the Dockerfile copies and runs what it runs, with npm's
 * own cache in place of the mounted one. Only the stage `build` is not repeated: dist/ is the repository's, built anew
 * where it is older than src/.
 *
 * @throws Error with the output of the instruction that failed
 */
export async function installAsTheImage(): Promise<Install> {
  buildWhenNeeded();
  const stages = stagesOf(await instructionsOf('Dockerfile'));
  const image = stages.at(-1);
  if (image === undefined) throw new Error('the Dockerfile has no stage');
  const dir = await mkdtemp(join(tmpdir(), 'multi-eni-production-'));
  await chmod(dir, 0o755); // the image's user is somebody else than we
  const keep = removeWhenWeEnd(dir);
  const folders = new Map([['build', REPO]]);
  for (const stage of stages) {
    if (stage.name === 'build') continue;
    const folder = join(dir, stage.name === '' ? 'app' : stage.name);
    folders.set(stage.name, folder);
    await mkdir(folder);
    await perform(stage, folder, folders);
  }
  const app = join(dir, 'app');
  await execute('chmod', ['-R', 'a-w,a+rX', app]);
  return {
    ...{ app, dir, image },
    remove: async () => {
      await execute('chmod', ['-R', 'u+w', app]);
      await rm(dir, { recursive: true });
      keep();
    },
  };
}

async function perform(stage: Stage, folder: string, folders: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, rest] of stage.instructions) {
    if (name === 'COPY') await copy(rest, folder, folders);
    if (name === 'RUN') await runHere(rest, folder);
  }
}

async function copy(line: string, folder: string, folders: ReadonlyMap<string, string>): Promise<void> {
  const from = /^--from=(\S+) /.exec(line)?.[1];
  const words = line.split(' ').filter((word) => !word.startsWith('--'));
  const target = words.pop() ?? '';
  const context = from === undefined ? REPO : folders.get(from);
  if (context === undefined) throw new Error(`the Dockerfile copies from ${from}, which is none of its stages`);
  for (const word of words) {
    const source = join(context, word.replace(/^\/app\//, ''));
    const to = target.endsWith('/') ? join(inside(target, folder), basename(source)) : inside(target, folder);
    // What was made here is moved, since it is large; what belongs to the repository is copied.
    await (context === REPO ? cp(source, to, { recursive: true }) : rename(source, to));
  }
}

/** `/tmp` of a stage is its own folder: two installs at once must not share it. */
function inside(path: string, folder: string): string {
  return join(folder, path.replace(/^\/tmp\//, './'));
}

async function runHere(line: string, folder: string): Promise<void> {
  const command = line.replaceAll(/--mount=\S+ /g, '').replaceAll('/tmp/', './');
  const environment = { ...process.env, npm_config_prefer_offline: 'true', SOURCE_DATE_EPOCH: '0' };
  // The core of another platform than Linux would be thrown away with the others.
  const here = process.platform === 'linux' ? command : command.replace(/ && find .*/, '');
  await execute('sh', ['-ec', here], { cwd: folder, env: environment, maxBuffer: 64 << 20 });
}

/** Puts a Node.js beside the install, where the image's user can reach it. @returns the folder that holds `node` */
export async function addNode({ dir }: Install, version: string): Promise<string> {
  const binary = await bring('dev/bootstrap/node-version.sh', version);
  const bin = join(dir, `node-${version}`);
  await mkdir(bin);
  await copyFile(binary, join(bin, 'node'));
  await chmod(join(bin, 'node'), 0o755);
  return bin;
}

/** The image's command: entrypoint and arguments. */
export function commandOf({ instructions }: Stage, args?: readonly string[]): string[] {
  const entrypoint = JSON.parse(all(instructions, 'ENTRYPOINT')[0] ?? '[]') as string[];
  const defaults = JSON.parse(all(instructions, 'CMD')[0] ?? '[]') as string[];
  return [...entrypoint, ...(args ?? defaults)];
}
