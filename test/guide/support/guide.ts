import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';

import { REPO } from '../../../dev/bootstrap/paths.js';
import { read } from '../../docs/markdown.js';
import { allShellBlocks, shellBlocks, type ShellBlock } from '../../docs/shell-blocks.js';
import type { Desk } from './desk.js';

/** What stands on a page for something of the reader's own, and what is put in its place. */
export type Placeholders = Readonly<Record<string, string>>;

const LONGEST_MS = 120_000;

/** Runs the commands of the documentation as they stand there, and knows which of them it has run. */
export class Guide {
  readonly #done = new Set<string>();

  /** @param test - the path of the test file, as the pages have it in `run:` */
  constructor(private readonly test: string) {}

  /**
   * Runs every block under a heading that names this test, in order, each by `sh -e` at the reader's desk.
   *
   * @param placeholders - each has to stand in one of the blocks at least
   * @returns what they printed, standard output and error together
   * @throws Error where there is no such block, a command fails, or a heading of a table is not printed as the page has it
   */
  async run(desk: Desk, file: string, heading: string, placeholders: Placeholders = {}): Promise<string> {
    const blocks = shellBlocks(file, read(file)).filter((block) => block.heading === heading && this.#isOurs(block));
    if (blocks.length === 0) throw new Error(`${file} has no block under "${heading}" that is run by ${this.test}`);
    const unused = Object.keys(placeholders).filter((name) => blocks.every(({ script }) => !wordIn(name).test(script)));
    if (unused.length > 0) throw new Error(`no block of ${file} under "${heading}" has ${unused.join(', ')}`);
    let printed = '';
    for (const block of blocks) {
      const output = await runBlock(desk, block, placeholders);
      this.#done.add(placeOf(block));
      for (const head of tableHeads(block.output)) {
        if (!tableHeads(output).includes(head)) {
          throw new Error(
            `${placeOf(block)} shows a table with the heading\n${head}\nbut this was printed:\n${output}`,
          );
        }
      }
      printed += output;
    }
    return printed;
  }

  /** The blocks of all pages that name this test and that it has not run: `FILE:LINE` each. */
  forgotten(): string[] {
    return allShellBlocks()
      .filter((block) => this.#isOurs(block))
      .map(placeOf)
      .filter((place) => !this.#done.has(place));
  }

  #isOurs({ mark }: ShellBlock): boolean {
    return mark?.kind === 'run' && mark.test === this.test;
  }
}

/** The guide of a test file: `guideOf(import.meta.url)`. */
export function guideOf(url: string): Guide {
  return new Guide(relative(REPO, fileURLToPath(url)));
}

async function runBlock(desk: Desk, block: ShellBlock, placeholders: Placeholders): Promise<string> {
  const script = filledIn(block.script, placeholders);
  const options = { cwd: desk.dir, env: desk.env, timeout: LONGEST_MS, maxBuffer: 64 << 20 };
  return await new Promise((resolve, reject) => {
    execFile('sh', ['-e', '-c', script], options, (error, out, err) => {
      if (error === null) resolve(`${out}${err}`);
      else reject(new Error(`${placeOf(block)} failed (${String(error.code)}):\n${script}\n${out}${err}`));
    });
  });
}

function filledIn(script: string, placeholders: Placeholders): string {
  return Object.entries(placeholders).reduce((text, [name, value]) => text.replace(wordIn(name), () => value), script);
}

/** A whole word, so that KEY is none in TEMPORAL_API_KEY. */
function wordIn(name: string): RegExp {
  return new RegExp(`(?<!\\w)${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\w)`, 'g');
}

function placeOf({ file, line }: ShellBlock): string {
  return `${file}:${line}`;
}

/** The headings of tables: lines of words in capitals, with single spaces. */
function tableHeads(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /^[A-Z-]{4,}( +[A-Z-]+)+$/.test(line.trimEnd()))
    .map((line) => line.trim().replaceAll(/ +/g, ' '));
}
