import { CommanderError } from 'commander';

import { complete } from './completion/candidates.js';
import { CliFailure } from './failure.js';
import { createProgram } from './program.js';
import type { Io } from './session.js';

/** Exit codes: 0 done, 1 a failure, 2 a wrong use. */
const EXIT = { done: 0, failure: 1, usage: 2 } as const;

/** Instead of a command: print what may stand in the place of the last word. */
export const COMPLETE = '__complete';

/** Runs one command. Returns the exit code; what went wrong was said. */
export async function runCli(io: Io, args: readonly string[], version: string): Promise<number> {
  const program = createProgram(io, version);
  try {
    const [first, ...words] = args;
    if (first === COMPLETE) io.out(await complete(program, io, words));
    else await program.parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof CliFailure)) {
      io.err(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      return EXIT.failure;
    }
    io.err(`error: ${error.message}\n`);
    return error.exitCode;
  }
}
