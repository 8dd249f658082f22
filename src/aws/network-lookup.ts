import type { NetworkQuery } from '../domain/ports.js';
import type { Clock } from './clock.js';
import { Coalescer } from './coalesce.js';
import { grouped } from './lists.js';
import { ReadCache } from './read-cache.js';

/** How long "not found" is believed, in milliseconds: whoever has just made it does not wait long. */
const MISSING_MS = 5_000;

/** How one kind of thing is looked up. */
export interface NetworkLookupOptions<T> {
  readonly clock: Clock;
  /** How long what was found is kept, in milliseconds. */
  readonly keepMs: number;
  readonly byId: (ids: readonly string[]) => Promise<readonly T[]>;
  readonly byName: (names: readonly string[], vpcId: string) => Promise<readonly T[]>;
  readonly idOf: (thing: T) => string;
}

/** Looks things up by id, and by name within a VPC. Concurrent look-ups share a call, and results are kept. */
export class NetworkLookup<T extends { readonly vpcId: string; readonly foundByName: string | null }> {
  readonly #cache: ReadCache<readonly T[]>;

  constructor(options: NetworkLookupOptions<T>) {
    const { clock, byId, byName, idOf } = options;
    const ids = new Coalescer<string, readonly T[]>({
      clock,
      fetch: async (keys) => grouped(await byId(keys), (thing) => idKey(idOf(thing))),
      ...{ maxKeys: 200 },
    });
    const names = new Coalescer<string, readonly T[]>({ clock, fetch: async (keys) => inEachVpc(keys, byName) });
    this.#cache = new ReadCache({
      clock,
      load: async (key) => (await (nameOf(key) === undefined ? ids : names).load(key)) ?? [],
      keepMs: (found) => (found.length === 0 ? MISSING_MS : options.keepMs),
    });
  }

  /** What was found, in the order of the query; several for a name that several have. Fails as a look-up fails. */
  async find({ ids, names, vpcId }: NetworkQuery): Promise<readonly T[]> {
    const keys = [...ids, ...(vpcId === undefined ? [] : names.map((name) => nameKey(vpcId, name)))];
    return (await Promise.all(keys.map(async (key) => this.#cache.get(key)))).flat();
  }
}
