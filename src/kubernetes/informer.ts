import { setTimeout as sleep } from 'node:timers/promises';

import type { KubeConfig } from '@kubernetes/client-node';

import { ApiError, describeError, isGone, statusCode } from './errors.js';
import { list, type ListWatchOptions, watch, type WatchEvent } from './list-watch.js';
import type { Log } from './log.js';
import { waitMs } from './pace.js';
import type { Query } from './requests.js';
import { Store } from './store.js';

/** What an {@link Informer} is made of. */
export interface InformerOptions<T> {
  readonly kubeConfig: KubeConfig;
  /** Path of the list, such as `/api/v1/nodes`. */
  readonly path: string;
  /** Selectors of labels or fields. Default: all objects. */
  readonly query?: Query;
  /** Reads an object as it is in JSON. May throw: the object is then logged and skipped. */
  readonly parse: (raw: unknown) => T;
  /** The object of this name is new, or its parsed value differs; what `parse` drops makes no call. Only put the name aside. */
  readonly onChange: (name: string) => void;
  readonly onDelete: (name: string) => void;
  /** The first list is complete. */
  readonly onSync?: () => void;
  readonly log: Log;
  /** Default 500. */
  readonly pageSize?: number;
  /** Default 290, less up to a tenth, so that watches do not end together. */
  readonly watchSeconds?: number;
  /** Default 90,000: bookmarks come about every minute. */
  readonly idleMs?: number;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
  /** From 0 up to 1. Default: chance. */
  readonly random?: () => number;
}

/** A watch that was open so long worked, even if nothing came. */
const WORKED_MS = 10_000;

/** After so many failures in a row the version itself is doubted. */
const FAILURES_BEFORE_LIST = 3;

/** Keeps a copy of all objects of one kind, and tells what changes. Goes on, whatever happens, until it is stopped. */
export class Informer<T> {
  readonly store: Store<T>;
  readonly #options: InformerOptions<T>;
  readonly #reading: ListWatchOptions;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #stop = new AbortController();
  readonly #firstSync = Promise.withResolvers<undefined>();
  #version: bigint | undefined;
  #synced = false;
  #lastEventAt: number | undefined;
  #failures = 0;
  #done: Promise<void> = Promise.resolve();

  private constructor(options: InformerOptions<T>) {
    const { kubeConfig, path, query = {}, pageSize = 500, idleMs = 90_000, log } = options;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
    const watchSeconds = options.watchSeconds ?? Math.round(290 - 29 * this.#random());
    this.#reading = { kubeConfig, path, query, pageSize, watchSeconds, idleMs };
    this.store = new Store({
      parse: options.parse,
      changed: (name) => this.#call(() => options.onChange(name)),
      deleted: (name) => this.#call(() => options.onDelete(name)),
      log,
    });
  }

  /** Starts it: the first list is under way. */
  static start<T>(options: InformerOptions<T>): Informer<T> {
    const informer = new Informer(options);
    informer.#done = informer.#run();
    return informer;
  }

  /** True once the first list is complete. Stays true: what is known may be old, but is never empty by mistake. */
  get synced(): boolean {
    return this.#synced;
  }

  /** When the API server was heard last: a list, an event, or a bookmark; undefined: never. */
  get lastEventAt(): number | undefined {
    return this.#lastEventAt;
  }

  /** All objects, parsed. */
  values(): readonly T[] {
    return this.store.values();
  }

  /** Undefined when there is none of the name. */
  get(name: string): T | undefined {
    return this.store.get(name);
  }

  /** Takes the answer to an own write, so that it is seen at once. */
  upsert(raw: unknown): void {
    this.store.upsert(raw);
  }

  /** Resolves with the first complete list. @throws Error when it is stopped before */
  async waitSynced(): Promise<void> {
    await this.#firstSync.promise;
  }

  /** Ends it; no handler is called any more once this resolves. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the informer is stopped'));
    await this.#done;
  }

  async #run(): Promise<void> {
    this.#firstSync.promise.catch(() => undefined); // that nobody waits is no error
    while (!this.#stop.signal.aborted) {
      const startedAt = performance.now();
      let retryAfterMs = 0;
      try {
        await this.#round(startedAt);
      } catch (error) {
        retryAfterMs = error instanceof ApiError ? error.retryAfterMs : 0;
        this.#failed(error, performance.now() - startedAt);
      }
      const wait = waitMs(this.#failures, performance.now() - startedAt, this.#random(), retryAfterMs);
      await sleep(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    this.#firstSync.reject(this.#stop.signal.reason);
  }

  /** One list, if need be, and one watch. There is never a second. */
  async #round(startedAt: number): Promise<void> {
    const stop = this.#stop.signal;
    if (this.#version === undefined) {
      const { items, version } = await list(this.#reading, stop);
      this.store.replace(items, version);
      this.#version = version;
      this.#heard();
      this.#sync(items.length);
    }
    await watch(this.#reading, { version: this.#version, stop }, (event, version) => {
      this.#apply(event);
      this.#version = version;
      this.#heard();
    });
    if (performance.now() - startedAt >= WORKED_MS) this.#failures = 0;
  }

  #apply(event: WatchEvent): void {
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        this.store.put(event.object);
        break;
      case 'DELETED':
        this.store.remove(event.object);
        break;
      case 'BOOKMARK':
        this.store.advance(event.version);
    }
  }

  #heard(): void {
    this.#lastEventAt = this.#now();
    this.#failures = 0;
  }

  #sync(objects: number): void {
    this.#options.log.info({ path: this.#reading.path, objects }, 'listed');
    if (this.#synced) return;
    this.#synced = true;
    this.#firstSync.resolve(undefined);
    this.#call(() => this.#options.onSync?.());
  }

  #failed(error: unknown, lastedMs: number): void {
    if (this.#stop.signal.aborted) return;
    this.#failures = lastedMs >= WORKED_MS ? 1 : this.#failures + 1;
    if (isGone(error) || this.#failures >= FAILURES_BEFORE_LIST) this.#version = undefined;
    const fields = { path: this.#reading.path, failures: this.#failures, status: statusCode(error) };
    const next = this.#version === undefined ? 'list' : 'watch';
    this.#options.log.warn({ ...fields, next, error: describeError(error) }, 'list or watch failed; trying again');
  }

  /** A handler's failure is its own. */
  #call(handler: () => void): void {
    try {
      handler();
    } catch (error) {
      this.#options.log.error({ path: this.#reading.path, error: describeError(error) }, 'a handler failed');
    }
  }
}

/** Starts an {@link Informer}. */
export function startInformer<T>(options: InformerOptions<T>): Informer<T> {
  return Informer.start(options);
}
