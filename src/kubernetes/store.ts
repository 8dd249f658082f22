import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { describeError } from './errors.js';
import type { Log } from './log.js';

/** What a {@link Store} is made of. */
export interface StoreOptions<T> {
  /** May throw: the object is then logged, and the value before it stays. */
  readonly parse: (raw: unknown) => T;
  /** The value of this name is new, or differs. */
  readonly changed: (name: string) => void;
  readonly deleted: (name: string) => void;
  readonly log: Log;
}

const head = z
  .object({
    metadata: z.object({
      name: z.string().min(1),
      resourceVersion: z.string().regex(/^\d+$/),
      deletionTimestamp: z.unknown().optional(),
      finalizers: z.array(z.string()).nullish(),
    }),
  })
  .transform(({ metadata: { name, resourceVersion, deletionTimestamp, finalizers } }) => ({
    name,
    version: BigInt(resourceVersion),
    /** The answer to the write that let it go: it is gone already. */
    ended: deletionTimestamp !== undefined && deletionTimestamp !== null && (finalizers ?? []).length === 0,
  }));

interface Entry<T> {
  readonly value: T;
  readonly version: bigint;
}

/**
 * The objects of one kind by name, fed by list, watch and the answers to own writes, in any order: by the objects'
 * resource versions an older state never replaces a newer one, and what is deleted does not come back.
 */
export class Store<T> {
  readonly #options: StoreOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #unreadable = new Set<string>();
  #version = 0n;

  constructor(options: StoreOptions<T>) {
    this.#options = options;
  }

  /** Undefined when there is none of the name. */
  get(name: string): T | undefined {
    return this.#entries.get(name)?.value;
  }

  /** All objects. */
  values(): T[] {
    return Array.from(this.#entries.values(), ({ value }) => value);
  }

  /** Names of objects that exist, but whose present state could not be parsed. */
  get unreadable(): readonly string[] {
    return [...this.#unreadable];
  }

  /** An ADDED or MODIFIED of the watch. */
  put(raw: unknown): void {
    const { name, version } = head.parse(raw);
    this.#set(raw, name, version);
    this.advance(version);
  }

  /** The answer to an own write, which the watch will bring too. */
  upsert(raw: unknown): void {
    const parsed = head.safeParse(raw);
    if (!parsed.success || parsed.data.ended) return;
    const { name, version } = parsed.data;
    // The watch has been past it: the object was deleted since.
    if (!this.#entries.has(name) && version <= this.#version) return;
    this.#set(raw, name, version);
  }

  /** A DELETED of the watch. */
  remove(raw: unknown): void {
    const { name, version } = head.parse(raw);
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.version <= version) this.#delete(name);
    this.advance(version);
  }

  /** A BOOKMARK of the watch: all up to this version has been seen. */
  advance(version: bigint): void {
    if (version > this.#version) this.#version = version;
  }

  /** A complete list, as of `version`: what is not in it is gone, unless an own write made it since. */
  replace(raws: readonly unknown[], version: bigint): void {
    const restored = version < this.#version; // the cluster's data are from a backup: the list alone is true
    this.#version = version;
    const names = new Set<string>();
    for (const raw of raws) {
      const { name, version: itemVersion } = head.parse(raw);
      names.add(name);
      this.#set(raw, name, itemVersion, restored);
    }
    for (const [name, entry] of this.#entries) {
      if (!names.has(name) && (restored || entry.version <= version)) this.#delete(name);
    }
    for (const name of this.#unreadable) {
      if (!names.has(name)) this.#unreadable.delete(name);
    }
  }

  #set(raw: unknown, name: string, version: bigint, anyway = false): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined && version < entry.version && !anyway) return;
    let value: T;
    try {
      value = this.#options.parse(raw);
    } catch (error) {
      this.#unreadable.add(name);
      this.#options.log.error({ object: name, error: describeError(error) }, 'an object could not be read; skipped');
      return;
    }
    this.#unreadable.delete(name);
    this.#entries.set(name, { value, version });
    if (entry === undefined || !isDeepStrictEqual(entry.value, value)) this.#options.changed(name);
  }

  #delete(name: string): void {
    this.#unreadable.delete(name);
    if (this.#entries.delete(name)) this.#options.deleted(name);
  }
}
