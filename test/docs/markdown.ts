import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';

/** A fenced block of code. */
export interface Fence {
  readonly language: string;
  readonly code: string;
}

/** Every Markdown file of the repository, tracked or about to be, by its path from the root. */
export function markdownFiles(): string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: REPO,
    encoding: 'utf8',
  });
  const files = [...new Set(output.split('\n'))].filter((file) => file !== '');
  return files.filter((file) => existsSync(join(REPO, file))).sort();
}

/** The text of a file, given by its path from the root. */
export function read(file: string): string {
  return readFileSync(join(REPO, file), 'utf8');
}

/** The fenced blocks of a text. */
export function fences(text: string): Fence[] {
  return [...text.matchAll(/^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```/gm)].map(([, , language = '', code = '']) => ({
    language,
    code,
  }));
}

/** The text without its fenced blocks. */
export function prose(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^\1```/gm, '');
}

/** The code that stands within sentences. */
export function codeSpans(text: string): string[] {
  return [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Where links, images and references lead. */
export function linkTargets(text: string): string[] {
  const plain = prose(text).replaceAll(/`[^`\n]+`/g, '');
  const inline = [...plain.matchAll(/\]\(([^()\s]+)[^()]*\)/g)];
  const references = [...plain.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  return [...inline, ...references].map(([, target = '']) => target);
}

/** The anchors of a text's headings, as GitHub makes them. */
export function anchors(text: string): string[] {
  return [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}

/** The cells of every table row under a heading line that begins so, without head and rule. */
export function tableRows(text: string, head: string): string[][] {
  const lines = text.split('\n');
  const rows: string[][] = [];
  for (const [index, line] of lines.entries()) {
    if (!cells(line).join(' | ').startsWith(head)) continue;
    for (const row of lines.slice(index + 2)) {
      if (!row.startsWith('|')) break;
      rows.push(cells(row));
    }
  }
  return rows;
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
