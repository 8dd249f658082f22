/** Late answers come within seconds; so many deletions do not. */
const BURIED_LIMIT = 10_000;

/** What a store keeps of an object. */
interface Entry<T> {
  readonly value: T;
  readonly key: string;
  readonly resourceVersion: bigint;
}

/** An object in the form of the API, as far as a store needs it. */
export interface RawObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
}

/** The objects of one kind by name, parsed; an older version never replaces a newer one. */
export class Store<T> {
  private readonly entries = new Map<string, Entry<T>>();
  /** UIDs that are gone for good: the late answer of a write must not bring one back. */
  private readonly buried = new Set<string>();
  private cached: readonly T[] | null = null;

  constructor(private readonly parse: (raw: unknown) => T) {}

  /** All objects; the same array until something changes. */
  values(): readonly T[] {
    this.cached ??= [...this.entries.values()].map((entry) => entry.value);
    return this.cached;
  }

  /** Takes an object in. Returns whether what is kept of it changed. @throws ZodError when it cannot be parsed */
  put(raw: RawObject): boolean {
    const { name, uid, resourceVersion } = raw.metadata;
    if (this.buried.has(uid)) return false;
    const value = this.parse(raw);
    const entry = { value, key: JSON.stringify(value), resourceVersion: BigInt(resourceVersion) };
    const old = this.entries.get(name);
    if (old !== undefined && old.resourceVersion > entry.resourceVersion) return false;
    this.entries.set(name, entry);
    if (old?.key === entry.key) return false;
    this.cached = null;
    return true;
  }

  /** Takes an object out, unless a newer one of the name is there. Returns whether it was there. */
  remove(raw: RawObject): boolean {
    const { name, uid, resourceVersion } = raw.metadata;
    this.bury(uid);
    const old = this.entries.get(name);
    if (old === undefined || old.resourceVersion > BigInt(resourceVersion)) return false;
    return this.drop(name);
  }

  /**
   * Takes a whole list for the truth as of its version: what it lacks is gone, unless it was put in later.
   *
   * @returns whether anything changed
   */
  replace(list: readonly RawObject[], listVersion: string): boolean {
    const present = new Set(list.map((raw) => raw.metadata.name));
    const version = BigInt(listVersion);
    let changed = false;
    for (const [name, { resourceVersion }] of this.entries) {
      if (!present.has(name) && resourceVersion <= version) changed = this.drop(name) || changed;
    }
    for (const raw of list) changed = this.put(raw) || changed;
    return changed;
  }

  private bury(uid: string): void {
    this.buried.add(uid);
    const [oldest] = this.buried;
    if (this.buried.size > BURIED_LIMIT && oldest !== undefined) this.buried.delete(oldest);
  }

  private drop(name: string): boolean {
    this.cached = null;
    return this.entries.delete(name);
  }
}
