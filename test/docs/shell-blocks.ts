import { markdownFiles, read } from './markdown.js';

/** What is said about a block: the test that takes its commands from the page and runs them, or why none does. */
export type Mark =
  { readonly kind: 'run'; readonly test: string } | { readonly kind: 'not run'; readonly reason: string };

/** A fenced block of shell commands. */
export interface ShellBlock {
  /** The page, by its path from the root. */
  readonly file: string;
  /** Where its fence opens, from 1. */
  readonly line: number;
  /** The heading under which it stands, as the page has it; empty above the first. */
  readonly heading: string;
  /** What a shell is given. Of a `console` block, what follows a `$ `. */
  readonly script: string;
  /** Of a `console` block, all other lines: what the commands print. */
  readonly output: string;
  /** From the comment right above: `run: FILE` or `not run: WHY`. Null where there is none. */
  readonly mark: Mark | null;
}

/** A fence of any language, with what leads to it. */
interface OpenFence {
  readonly line: number;
  readonly indent: string;
  readonly ticks: string;
  readonly language: string;
  readonly mark: Mark | null;
  readonly code: string[];
}

const SHELLS = new Set(['sh', 'shell', 'bash', 'console']);
const PROMPT = /^\$ /;

/** The shell blocks of a text, in its order. */
export function shellBlocks(file: string, text: string): ShellBlock[] {
  return fencesWithMarks(text)
    .filter(({ language }) => SHELLS.has(language))
    .map(({ heading, line, mark, language, code }) => {
      return { file, line, heading, mark, ...(language === 'console' ? transcript(code) : commands(code)) };
    });
}

/** The shell blocks of every page of the repository. */
export function allShellBlocks(): ShellBlock[] {
  return markdownFiles().flatMap((file) => shellBlocks(file, read(file)));
}

/**
 * The code of the only block of a language under a heading.
 * @throws Error where there is none, or several
 */
export function codeUnder(file: string, heading: string, language: string): string {
  const found = fencesWithMarks(read(file)).filter((fence) => fence.heading === heading && fence.language === language);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${file} has ${found.length} blocks of ${language} under "${heading}"; there has to be one`);
  }
  return `${only.code.join('\n')}\n`;
}

function fencesWithMarks(text: string): (OpenFence & { heading: string })[] {
  const fences: (OpenFence & { heading: string })[] = [];
  let open: OpenFence | null = null;
  let [heading, above] = ['', ''];
  for (const [index, line] of text.split('\n').entries()) {
    if (open !== null) {
      if (line.trim() === open.ticks) {
        fences.push({ ...open, heading });
        open = null;
        above = '';
      } else open.code.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
      continue;
    }
    const [, indent = '', ticks, language = ''] = /^( *)(`{3,})(\w*)/.exec(line) ?? [];
    if (ticks !== undefined) open = { line: index + 1, indent, ticks, language, mark: markIn(above), code: [] };
    heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading;
    if (line.trim() !== '') above = line.trim();
  }
  return fences;
}

function markIn(line: string): Mark | null {
  const [, kind, text = ''] = /^<!-- (run|not run): (.+) -->$/.exec(line) ?? [];
  if (kind === undefined) return null;
  return kind === 'run' ? { kind, test: text } : { kind: 'not run', reason: text };
}

function commands(code: readonly string[]): { script: string; output: string } {
  return { script: code.join('\n'), output: '' };
}

/** A command goes on in the next line after a backslash. */
function transcript(code: readonly string[]): { script: string; output: string } {
  const [script, output]: [string[], string[]] = [[], []];
  for (const line of code) {
    const goesOn = script.at(-1)?.endsWith('\\') === true && output.length === 0;
    if (PROMPT.test(line) || goesOn) script.push(line.replace(PROMPT, ''));
    else output.push(line);
  }
  return { script: script.join('\n'), output: output.join('\n') };
}
