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

interface Named {
  readonly vpcId: string;
  readonly foundByName: string | null;
}

/** Looks things up by id, and by name within a VPC. Concurrent look-ups share a call, and results are kept. */
export class NetworkLookup<T extends Named> {
  readonly #ids: ReadCache<readonly T[]>;
  readonly #names: ReadCache<readonly T[]>;

  constructor(options: NetworkLookupOptions<T>) {
    const { byId, byName, idOf } = options;
    this.#ids = cached(options, async (ids) => grouped(await byId(ids), idOf));
    this.#names = cached(options, async (keys) => {
      const vpcs = [...grouped(keys.map(fromKey), ({ vpcId }) => vpcId)];
      const found = vpcs.map(async ([vpcId, wanted]) =>
        byName(
          wanted.map(({ name }) => name),
          vpcId,
        ),
      );
      return grouped((await Promise.all(found)).flat(), ({ vpcId, foundByName }) => toKey(vpcId, foundByName ?? ''));
    });
  }

  /** What was found, in the order of the query; several for a name that several have. Fails as a look-up fails. */
  async find({ ids, names, vpcId }: NetworkQuery): Promise<readonly T[]> {
    const found = await Promise.all([
      ...ids.map(async (id) => this.#ids.get(id)),
      ...(vpcId === undefined ? [] : names.map(async (name) => this.#names.get(toKey(vpcId, name)))),
    ]);
    return found.flat();
  }
}

function cached<T>(
  { clock, keepMs }: { clock: Clock; keepMs: number },
  fetch: (keys: readonly string[]) => Promise<ReadonlyMap<string, readonly T[]>>,
): ReadCache<readonly T[]> {
  const reads = new Coalescer({ clock, fetch });
  return new ReadCache({
    clock,
    load: async (key) => (await reads.load(key)) ?? [],
    keepMs: (found) => (found.length === 0 ? MISSING_MS : keepMs),
  });
}

/** A VPC's id has no slash. */
function toKey(vpcId: string, name: string): string {
  return `${vpcId}/${name}`;
}

function fromKey(key: string): { vpcId: string; name: string } {
  const slash = key.indexOf('/');
  return { vpcId: key.slice(0, slash), name: key.slice(slash + 1) };
}
