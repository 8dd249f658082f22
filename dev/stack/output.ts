import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const KEPT_LINES = 200;

/** What a server printed: all of it in a file, the last 200 lines in memory, each line to whoever listens. */
export class Output {
  readonly #file: WriteStream;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();

  /** @param path the log file; lines are appended */
  constructor(path: string) {
    this.#file = createWriteStream(path, { flags: 'a' });
    this.#file.on('error', () => undefined); // its folder may be gone while the last lines come in
  }

  /** Takes in everything that comes from `stream`. */
  collect(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.#file.write(`${line}\n`);
      this.#lines.push(line);
      if (this.#lines.length > KEPT_LINES) this.#lines.shift();
      for (const listener of this.#listeners) listener(line);
    });
  }

  /** The first value that `parse` makes of a line, of those printed already or of one to come. */
  async firstMatch<T>(parse: (line: string) => T | undefined): Promise<T> {
    for (const line of this.#lines) {
      const value = parse(line);
      if (value !== undefined) return value;
    }
    return await new Promise((resolve) => {
      const listener = (line: string): void => {
        const value = parse(line);
        if (value === undefined) return;
        this.#listeners.delete(listener);
        resolve(value);
      };
      this.#listeners.add(listener);
    });
  }

  /** The last lines, indented, for a message; says so when there are none. */
  tail(count = 20): string {
    const lines = this.#lines.slice(-count).map((line) => `  ${line}`);
    return lines.length === 0 ? '  (it printed nothing)' : lines.join('\n');
  }

  /** Closes the log file. */
  close(): void {
    this.#file.end();
  }
}
