import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPO } from '../bootstrap/paths.js';

/** An instruction of a Dockerfile: its name in capitals, and what follows on the line. */
export type Instruction = readonly [name: string, rest: string];

/** A stage: its name (empty for the last one of ours) and its instructions, `FROM` first. */
export interface Stage {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The instructions of a Dockerfile of the repository, each on one line with its continuation lines. */
export async function instructionsOf(file: string): Promise<Instruction[]> {
  const text = (await readFile(join(REPO, file), 'utf8')).replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  return [...text.matchAll(/^([A-Z]+) +(.*)$/gm)].map(([, name = '', rest = '']) => [name, rest]);
}

/** What follows the instructions of that name, in order. */
export function all(from: readonly Instruction[], name: string): string[] {
  return from.filter(([each]) => each === name).map(([, rest]) => rest);
}

/** The stages of a Dockerfile, in order. */
export function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const starts = instructions.flatMap(([name], index) => (name === 'FROM' ? [index] : []));
  return starts.map((start, index) => {
    const [, from = ''] = instructions[start] ?? [];
    return { name: / AS (\S+)$/.exec(from)?.[1] ?? '', instructions: instructions.slice(start, starts[index + 1]) };
  });
}

/** The variables that the `ENV` instructions set, with `args` in place of `${NAME}`. */
export function environmentOf({ instructions }: Stage, args: Readonly<Record<string, string>>): Record<string, string> {
  const line = all(instructions, 'ENV').join(' ');
  return Object.fromEntries(
    [...line.matchAll(/([A-Z_]+)=(?:"([^"]*)"|(\S*))/g)].map(([, name = '', quoted, plain = '']) => {
      const value = quoted ?? plain;
      return [name, value.replaceAll(/\$\{([A-Z_]+)\}/g, (_, arg: string) => args[arg] ?? '')];
    }),
  );
}
