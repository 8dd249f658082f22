import type { Command } from 'commander';

import { readCluster } from '../cluster/cluster.js';
import { type GlobalOptions, type Io, Session } from '../session.js';

/** What an argument of a command names. */
type ArgumentKind = 'subject' | 'prefixedSubject' | 'pair' | 'shell' | 'none';

/** What each command's argument names. */
const ARGUMENTS: Readonly<Record<string, ArgumentKind>> = {
  why: 'subject',
  history: 'pair',
  retry: 'pair',
  pause: 'prefixedSubject',
  resume: 'prefixedSubject',
  completion: 'shell',
};

const OUTPUTS = ['wide', 'json'];

/** The shells that there is a completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Tells the shell that no file names are wanted: the number is kubectl's. */
const NO_FILES = ':4';

/**
 * The words that may stand in the place of the last one, a line each, then a line that is for the shell: the form in
 * which kubectl asks its plugins. None when the cluster cannot be read: errors must not get into a half-written line.
 *
 * @param words - all after the program's name; the last is what is being typed, and may be empty
 */
export async function complete(program: Command, io: Io, words: readonly string[]): Promise<string> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = program.commands.find((one) => before.includes(one.name()));
  const offered = await offer(program, command, io, { typed, before });
  return [...offered.filter((word) => word.startsWith(typed)), NO_FILES, ''].join('\n');
}

async function offer(
  program: Command,
  command: Command | undefined,
  io: Io,
  { typed, before }: { readonly typed: string; readonly before: readonly string[] },
): Promise<readonly string[]> {
  const last = before.at(-1);
  if (last === '-o' || last === '--output') return OUTPUTS;
  const options = [...program.options, ...(command?.options ?? [])].filter(({ hidden }) => !hidden);
  if (typed.startsWith('-')) return options.flatMap(({ long }) => long ?? []);
  if (options.some(({ long, short, required }) => required && last !== undefined && [long, short].includes(last)))
    return [];
  if (command === undefined) {
    return program.commands.map((one) => one.name());
  }
  return names(program, io, before, ARGUMENTS[command.name()] ?? 'none');
}

async function names(
  program: Command,
  io: Io,
  before: readonly string[],
  kind: ArgumentKind,
): Promise<readonly string[]> {
  if (kind === 'shell') return SHELLS;
  if (kind === 'none') return [];
  try {
    program.parseOptions([...before]); // --kubeconfig and --context count while the line is being written, too
    const session = new Session(io, program.opts<GlobalOptions>());
    const { nodes, nodeEnis, attachments } = await readCluster(session.kubernetes);
    const [node, nodeEni] = [nodes.map(({ name }) => name), nodeEnis.map(({ name }) => name)];
    if (kind === 'subject') return [...new Set([...nodeEni, ...node])];
    if (kind === 'pair') return attachments.map(({ name }) => name);
    return [...nodeEni.map((name) => `nodeeni/${name}`), ...node.map((name) => `node/${name}`)];
  } catch {
    return [];
  }
}
