import { type KubeConfig, Watch } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { isExpired } from './errors.js';
import { type RawObject, Store } from './store.js';

/** Objects a page of the first list. */
const PAGE_SIZE = 500;

/** The server ends a watch after this many seconds, so that none lives for ever; the next begins where it ended. */
const WATCH_SECONDS = 290;

/** The first and the longest pause before the next attempt: never more than one attempt a second. */
const PAUSE_MS = { first: 1_000, longest: 30_000 };

/** One page of a list. */
export interface Page {
  readonly items: readonly RawObject[];
  readonly resourceVersion: string;
  readonly continueToken: string | undefined;
}

/** What an informer watches, and whom it tells. */
export interface InformerOptions<T> {
  readonly config: KubeConfig;
  /** Such as `/api/v1/nodes`. */
  readonly path: string;
  readonly list: (limit: number, continueToken: string | undefined) => Promise<Page>;
  readonly parse: (raw: unknown) => T;
  /** Called after the store changed; it must only note that, and never throws. */
  readonly onChange: () => void;
  readonly log: { warn(fields: object, message: string): void; debug(fields: object, message: string): void };
}

/**
 * Keeps a store in step with one kind: a paged list, then watches that are begun again where the last one ended, with
 * capped, jittered back-off after an error, and a fresh list when the server no longer has the version.
 */
export class Informer<T> {
  /** True once the first list is complete. */
  synced = false;
  /** Epoch milliseconds of the last sign of life. */
  lastEventAt = 0;
  private readonly store: Store<T>;
  private readonly stopper = new AbortController();
  private version = '';
  private running: Promise<void> | null = null;

  constructor(private readonly options: InformerOptions<T>) {
    this.store = new Store(options.parse);
  }

  /** All objects known now. */
  values(): readonly T[] {
    return this.store.values();
  }

  /** Takes in the answer of an own write, so that the next decision sees it. */
  upsert(raw: unknown): void {
    this.take('MODIFIED', raw as RawObject);
  }

  /** Begins; errors are retried for ever. */
  start(): void {
    this.running ??= this.loop();
  }

  /** Ends the watch; no callback comes afterwards. */
  async stop(): Promise<void> {
    this.stopper.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopper;
    for (let failures = 0; !signal.aborted;) {
      const began = Date.now();
      try {
        if (this.version === '') await this.relist();
        await this.watchOnce(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        if (isExpired(error)) this.version = '';
        this.options.log.warn({ path: this.options.path, error: String(error) }, 'watch interrupted; trying again');
      }
      await this.pause(failures, began);
    }
  }

  /** No attempt within a second of the one before; after failures longer, with jitter. */
  private async pause(failures: number, began: number): Promise<void> {
    const backoff = failures === 0 ? 0 : Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** (failures - 1));
    const least = Math.max(0, began + PAUSE_MS.first - Date.now());
    const delay = Math.max(least, backoff * (0.75 + Math.random() / 4));
    await sleep(delay, undefined, { signal: this.stopper.signal }).catch(() => undefined);
  }

  private async relist(): Promise<void> {
    const items: RawObject[] = [];
    let page: Page | null = null;
    do {
      page = await this.options.list(PAGE_SIZE, page?.continueToken);
      items.push(...page.items);
    } while (page.continueToken !== undefined && page.continueToken !== '');
    this.store.replace(
      items.filter((raw) => this.readable(raw)),
      page.resourceVersion,
    );
    this.version = page.resourceVersion;
    this.lastEventAt = Date.now();
    this.synced = true;
    this.options.onChange();
  }

  private async watchOnce(signal: AbortSignal): Promise<void> {
    const watch = new Watch(this.options.config);
    const query = { resourceVersion: this.version, allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS };
    const ended = Promise.withResolvers<void>();
    let failure: Error | null = null;
    const abort = new AbortController();
    const controller = await watch.watch(
      this.options.path,
      query,
      (type, raw) => {
        if (type !== 'ERROR') return this.take(type, raw as RawObject);
        failure = Object.assign(new Error((raw as { message?: string }).message ?? 'watch error'), {
          statusCode: (raw as { code?: number }).code,
        });
        abort.abort();
      },
      (error: Error | null) => {
        const cause = failure ?? error;
        // The client ends a watch without a byte for 30 s: quiet or dead, the next begins where it ended.
        if (cause === null || cause.name === 'TimeoutError' || signal.aborted) ended.resolve();
        else ended.reject(cause);
      },
    );
    const end = (): void => controller?.abort();
    abort.signal.addEventListener('abort', end, { once: true });
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      await ended.promise;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  private take(type: string, raw: RawObject): void {
    this.lastEventAt = Date.now();
    const { resourceVersion } = raw.metadata;
    if (type === 'BOOKMARK') {
      this.version = resourceVersion;
      return;
    }
    if (!this.readable(raw)) return;
    const changed = type === 'DELETED' ? this.store.remove(raw) : this.store.put(raw);
    if (changed) this.options.onChange();
  }

  /** An object that cannot be parsed is left out, and said so: it must not stop the others. */
  private readable(raw: RawObject): boolean {
    try {
      this.options.parse(raw);
      return true;
    } catch (error) {
      this.options.log.warn({ name: raw.metadata.name, error: String(error) }, 'object not understood; left out');
      return false;
    }
  }
}
