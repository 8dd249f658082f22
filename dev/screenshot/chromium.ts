import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arch, env, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

import { inflate } from '@sparticuz/chromium';

import { REPO } from '../bootstrap/paths.js';

/** A Chromium, or another browser made from it, and what it needs around it. */
export interface Chromium {
  readonly path: string;
  /** On top of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What decides which one is used; the defaults are this machine's. */
export interface Machine {
  readonly platform?: string;
  readonly arch?: string;
  /** `CHROMIUM` of the environment. */
  readonly chosen?: string | undefined;
  readonly exists?: (path: string) => boolean;
}

/** Where others put theirs; asked only where the npm package has none. */
const ELSEWHERE = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const PACKAGE = fileURLToPath(new URL('..', import.meta.resolve('@sparticuz/chromium')));
const PACKED = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'];

/**
 * `CHROMIUM` of the environment; else that of the npm package, which is for Linux on x64 alone; else one of this machine.
 *
 * @throws Error that says what to do when there is none
 */
export async function findChromium(machine: Machine = {}): Promise<Chromium> {
  const here = { platform, arch, chosen: env['CHROMIUM'], exists: existsSync, ...machine };
  if (here.chosen !== undefined) {
    if (here.exists(here.chosen)) return { path: here.chosen, env: {} };
    throw new Error(`CHROMIUM is ${here.chosen}, which does not exist: correct it`);
  }
  if (here.platform === 'linux' && here.arch === 'x64') return ofPackage();
  const path = ELSEWHERE.find(here.exists);
  if (path !== undefined) return { path, env: {} };
  const lacking = `the npm package has no Chromium for ${here.platform} on ${here.arch}`;
  throw new Error(`${lacking}: install Chromium or Chrome, or set CHROMIUM to the path of one`);
}

/** Beside glibc it needs only what is in the package: NSS and expat, and a font. Unpacked once, which takes two seconds. */
async function ofPackage(): Promise<Chromium> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const dir = join(REPO, '.cache', `chromium-${version}`);
  if (!existsSync(dir)) await unpack(dir);
  return {
    path: join(dir, 'chromium'),
    env: { LD_LIBRARY_PATH: join(dir, 'al2023/lib'), FONTCONFIG_FILE: join(dir, 'fonts.conf') },
  };
}

/** Under another name first, so that nobody starts half of it. */
async function unpack(dir: string): Promise<void> {
  await mkdir(join(dir, '..'), { recursive: true });
  const partial = await mkdtemp(`${dir}-`);
  try {
    await Promise.all(inflateInto(partial));
    await writeFile(join(partial, 'fonts.conf'), fontsConf(join(dir, 'fonts')));
    await rename(partial, dir);
  } catch (error) {
    if (!existsSync(dir)) throw error; // else another process was quicker
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The package unpacks into the folder for temporary files, and looks up which that is before it first waits. */
function inflateInto(dir: string): Promise<string>[] {
  const before = env['TMPDIR'];
  env['TMPDIR'] = dir;
  try {
    return PACKED.map(async (file) => inflate(join(PACKAGE, 'bin', file)));
  } finally {
    if (before === undefined) delete env['TMPDIR'];
    else env['TMPDIR'] = before;
  }
}

/** The package's own font alone, so that pages look the same on every machine. */
function fontsConf(fonts: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${fonts}</dir><cachedir>${fonts}-cache</cachedir></fontconfig>
`;
}
