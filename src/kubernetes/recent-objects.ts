/** Objects kept at most; a few kilobytes each. */
const LIMIT = 2_000;

/** The states of objects that were read or written last, by name: where a write may begin, never what it may trust. */
export class RecentObjects {
  readonly #objects = new Map<string, unknown>();

  /** Undefined when there is none. */
  get(name: string): unknown {
    return this.#objects.get(name);
  }

  /** Keeps the state, and forgets the oldest beyond the limit. */
  put(name: string, raw: unknown): void {
    this.#objects.delete(name);
    this.#objects.set(name, raw);
    const [oldest] = this.#objects.keys();
    if (this.#objects.size > LIMIT && oldest !== undefined) this.#objects.delete(oldest);
  }

  /** Forgets one. */
  drop(name: string): void {
    this.#objects.delete(name);
  }
}
