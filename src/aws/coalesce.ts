import type { Clock } from './clock.js';

/** What {@link Coalescer} collects keys for. */
export interface CoalescerOptions<K, V> {
  /** One call for all keys; keys that it leaves out have no value. */
  readonly fetch: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;
  /** Most keys of a call. Default 200, as many as EC2 takes values of a filter. */
  readonly maxKeys?: number;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
}

/** How long the first key of an idle time waits for others, in milliseconds: unfelt, yet it unites what starts at once. */
const IDLE_WINDOW_MS = 15;

/**
 * Between the starts of two calls, for each key served in the last second: so the next read of a single pair waits a
 * tenth of a second at most, and ten or more pairs a second cost one call a second, while EC2 refills 20 of them.
 */
const SPACING_MS_PER_KEY = 100;
const MAX_SPACING_MS = 1_000;
const LOAD_WINDOW_MS = 1_000;

interface Waiter<V> {
  readonly resolve: (value: V | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Unites reads that are asked for at about the same time. What is read is always fresh: a key asked for after a call
 * has started waits for the next one. Equal keys are told apart as a Map does.
 */
export class Coalescer<K, V> {
  readonly #options: CoalescerOptions<K, V>;
  readonly #maxKeys: number;
  #pending = new Map<K, Waiter<V>[]>();
  #cancelTimer: (() => void) | undefined;
  /** The calls of the last second. */
  #started: { at: number; keys: number }[] = [];

  constructor(options: CoalescerOptions<K, V>) {
    this.#options = options;
    this.#maxKeys = options.maxKeys ?? 200;
  }

  /** The key's value, read after this call began; undefined when the fetch left it out. Fails as the fetch fails. */
  async load(key: K): Promise<V | undefined> {
    return new Promise((resolve, reject) => this.#enqueue(key, { resolve, reject }));
  }

  #enqueue(key: K, waiter: Waiter<V>): void {
    const waiters = this.#pending.get(key);
    if (waiters !== undefined) {
      waiters.push(waiter);
      return;
    }
    this.#pending.set(key, [waiter]);
    if (this.#pending.size >= this.#maxKeys) {
      this.#flush();
    } else {
      this.#cancelTimer ??= this.#options.clock.setTimer(() => this.#flush(), this.#delay());
    }
  }

  #delay(): number {
    const now = this.#options.clock.now();
    this.#forgetBefore(now - LOAD_WINDOW_MS);
    const last = this.#started.at(-1);
    if (last === undefined) return IDLE_WINDOW_MS;
    const served = this.#started.reduce((sum, { keys }) => sum + keys, 0);
    const due = last.at + Math.min(MAX_SPACING_MS, SPACING_MS_PER_KEY * served);
    return Math.max(IDLE_WINDOW_MS, due - now);
  }

  #flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const batch = this.#pending;
    this.#pending = new Map();
    const now = this.#options.clock.now();
    this.#forgetBefore(now - LOAD_WINDOW_MS);
    this.#started.push({ at: now, keys: batch.size });
    void this.#serve(batch);
  }

  #forgetBefore(time: number): void {
    this.#started = this.#started.filter(({ at }) => at > time);
  }

  async #serve(batch: ReadonlyMap<K, readonly Waiter<V>[]>): Promise<void> {
    try {
      const values = await this.#options.fetch([...batch.keys()]);
      for (const [key, waiters] of batch) {
        for (const { resolve } of waiters) resolve(values.get(key));
      }
    } catch (error) {
      for (const { reject } of [...batch.values()].flat()) reject(error);
    }
  }
}
