import type { Clock } from './clock.js';

/** What {@link ReadCache} reads, and for how long it keeps it. */
export interface ReadCacheOptions<V> {
  readonly load: (key: string) => Promise<V>;
  /** Milliseconds from the start of the read. */
  readonly keepMs: (value: V) => number;
  readonly clock: Pick<Clock, 'now'>;
}

/** From so many entries on, a new one is preceded by a search for outdated ones. */
const PRUNE_FROM = 1_000;

interface Entry<V> {
  readonly value: Promise<V>;
  /** Infinity while the read is under way. */
  until: number;
}

/** Keeps what was read for a while. Those who ask during a read share it; a read that fails is not kept. */
export class ReadCache<V> {
  readonly #options: ReadCacheOptions<V>;
  readonly #entries = new Map<string, Entry<V>>();

  constructor(options: ReadCacheOptions<V>) {
    this.#options = options;
  }

  /** The value, at most as old as `keepMs` allows. Fails as the read fails. */
  async get(key: string): Promise<V> {
    const now = this.#options.clock.now();
    const cached = this.#entries.get(key);
    if (cached !== undefined && cached.until > now) return cached.value;
    if (this.#entries.size >= PRUNE_FROM) this.#prune(now);
    const entry: Entry<V> = { value: this.#options.load(key), until: Infinity };
    this.#entries.set(key, entry);
    try {
      const value = await entry.value;
      entry.until = now + this.#options.keepMs(value);
      return value;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  #prune(now: number): void {
    for (const [key, { until }] of this.#entries) {
      if (until <= now) this.#entries.delete(key);
    }
  }
}
