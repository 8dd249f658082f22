import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { leash } from './leash.js';
import { Output } from './output.js';

/** What to run. */
export interface ServerCommand {
  /** What messages call it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** On top of this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes, appended. */
  readonly logFile: string;
}

const STOP_MS = 10_000;
/** How long output may still come in when the process has ended: from children of its own, its pipes stay open. */
const LAST_OUTPUT_MS = 500;

/**
 * A server that runs as a child process, until it is stopped or this process ends in whatever way.
 * Its standard input is a pipe that stays open as long as this process lives.
 */
export class ServerProcess {
  readonly name: string;
  readonly pid: number;
  readonly output: Output;
  /** Resolves, never rejects, when the process has ended: "exit code 1", "signal SIGKILL". */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;

  private constructor(command: ServerCommand, child: ChildProcess & { pid: number }, output: Output) {
    this.name = command.name;
    this.pid = child.pid;
    this.output = output;
    this.#child = child;
    const letGo = leash(child.pid);
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        letGo();
        killGroup(child.pid); // whatever it has started itself
        const how = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
        void Promise.race([once(child, 'close'), sleep(LAST_OUTPUT_MS)]).then(() => {
          output.close();
          resolve(how);
        });
      });
    });
  }

  /**
   * Starts the command; it need not be ready yet.
   * @throws Error when the program cannot be run at all
   */
  static async spawn(command: ServerCommand): Promise<ServerProcess> {
    const child = spawn(command.command, [...command.args], {
      cwd: command.cwd,
      env: { ...process.env, ...command.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // a process group of its own: Ctrl-C must reach us alone, so that we can stop things in order
    });
    if (!hasPid(child)) {
      const [error] = (await once(child, 'error')) as [Error];
      throw new Error(`cannot run ${command.name}: ${error.message}; \`make setup\` installs it`, { cause: error });
    }
    child.stdin.on('error', () => undefined); // it may end before it has read anything
    const output = new Output(command.logFile);
    output.collect(child.stdout);
    output.collect(child.stderr);
    return new ServerProcess(command, child, output);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Waits until `ready` resolves, and returns its value.
   * @throws Error when the process ends first, when `ready` rejects, or after `timeoutMs`, each with the last output;
   * the process is not running any more then
   */
  async whenReady<T>(ready: Promise<T>, timeoutMs: number): Promise<T> {
    const abort = new AbortController();
    const failures: Promise<never>[] = [
      this.ended.then((how) => {
        throw new Error(`${this.name} ended before it was ready (${how})`);
      }),
      sleep(timeoutMs, undefined, { signal: abort.signal }).then(() => {
        throw new Error(`${this.name} was not ready within ${timeoutMs / 1000} s`);
      }),
    ];
    try {
      return await Promise.race([ready, ...failures]);
    } catch (error) {
      await this.kill9();
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${message}. Its last output:\n${this.output.tail()}`, { cause: error });
    } finally {
      abort.abort();
      for (const failure of failures) failure.catch(() => undefined);
      ready.catch(() => undefined);
    }
  }

  /** SIGTERM, and SIGKILL after ten seconds. Resolves when the process is gone; harmless when it is already. */
  async stop(): Promise<void> {
    if (this.isRunning) this.#child.kill('SIGTERM');
    const abort = new AbortController();
    const deadline = sleep(STOP_MS, 'late', { signal: abort.signal }).catch(() => 'stopped');
    const outcome = await Promise.race([this.ended, deadline]);
    abort.abort();
    if (outcome === 'late') await this.kill9();
  }

  /** SIGKILL. Resolves when the process is gone; harmless when it is already. */
  async kill9(): Promise<void> {
    if (this.isRunning) killGroup(this.pid);
    await this.ended;
  }
}

function hasPid<T extends ChildProcess>(child: T): child is T & { pid: number } {
  return child.pid !== undefined;
}

/** Every server leads a process group of its own. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody is left
  }
}
