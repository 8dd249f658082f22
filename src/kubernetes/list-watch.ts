import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';

import { ApiError } from './errors.js';
import { getJson, type Query, streamJson } from './requests.js';

/** Which objects, and how they are read. */
export interface ListWatchOptions {
  readonly kubeConfig: KubeConfig;
  /** Path of the list, such as `/api/v1/nodes`. */
  readonly path: string;
  /** Selectors of labels or fields. */
  readonly query: Query;
  /** Objects in one page of the list. */
  readonly pageSize: number;
  /** After how long the server ends a watch. */
  readonly watchSeconds: number;
  /** After how long without a byte a connection counts as dead; above the minute between two bookmarks. */
  readonly idleMs: number;
}

/** A complete list. */
export interface Listing {
  readonly items: readonly unknown[];
  readonly version: bigint;
}

/** An event of a watch. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: unknown }
  | { readonly type: 'BOOKMARK'; readonly version: bigint };

/** A page may be asked for on a pooled connection that is dead: that is noticed sooner than a quiet watch. */
const LONGEST_PAGE_MS = 30_000;

const version = z.string().regex(/^\d+$/).transform(BigInt);

const listAnswer = z.object({
  metadata: z.object({ resourceVersion: version, continue: z.string().default('') }),
  items: z.array(z.unknown()).nullish(),
});

const versioned = z.object({ metadata: z.object({ resourceVersion: version }) });

const watchEvent = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: versioned.loose() }),
  z.object({ type: z.literal('BOOKMARK'), object: versioned }),
  z.object({
    type: z.literal('ERROR'),
    object: z.object({ code: z.number().default(500), message: z.string().default('') }),
  }),
]);

/** Reads all pages. Without a resource version, so that the first one is consistent. @throws ApiError, 410 when a page came too late */
export async function list(options: Omit<ListWatchOptions, 'watchSeconds'>, stop: AbortSignal): Promise<Listing> {
  const items: unknown[] = [];
  let next = '';
  for (;;) {
    const query = { ...options.query, limit: options.pageSize, continue: next === '' ? undefined : next };
    const answer = listAnswer.parse(
      await withIdleLimit(Math.min(options.idleMs, LONGEST_PAGE_MS), stop, (signal) => {
        return getJson(options.kubeConfig, { path: options.path, query, signal });
      }),
    );
    items.push(...(answer.items ?? []));
    next = answer.metadata.continue;
    if (next === '') return { items, version: answer.metadata.resourceVersion };
  }
}

/**
 * Hands over the events after `from` until the server ends the watch.
 *
 * client-node's own `Watch` is not used: it swallows what its callback throws and lines that it cannot parse, hides the
 * answer of the server, and cannot tell the end of a stream from a broken one.
 *
 * @throws ApiError for an error in or before the stream; Error when it went silent
 */
export async function watch(
  options: ListWatchOptions,
  from: { readonly version: bigint; readonly stop: AbortSignal },
  onEvent: (event: WatchEvent, version: bigint) => void,
): Promise<void> {
  const { kubeConfig, path, idleMs } = options;
  const query = {
    ...options.query,
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds: options.watchSeconds,
    resourceVersion: String(from.version),
  };
  await withIdleLimit(idleMs, from.stop, async (signal, alive) => {
    for await (const raw of streamJson(kubeConfig, { path, query, signal }, alive)) {
      const { type, object } = watchEvent.parse(raw);
      if (type === 'ERROR') throw new ApiError(object.code, object.message);
      const seen = object.metadata.resourceVersion;
      onEvent(
        type === 'BOOKMARK' ? { type, version: seen } : { type, object: (raw as { object: unknown }).object },
        seen,
      );
    }
  });
}

/** Aborts `run` at `stop`, and when it has not called `alive` for so long. */
async function withIdleLimit<R>(
  idleMs: number,
  stop: AbortSignal,
  run: (signal: AbortSignal, alive: () => void) => Promise<R>,
): Promise<R> {
  stop.throwIfAborted();
  const abort = new AbortController();
  const onStop = (): void => abort.abort(stop.reason);
  stop.addEventListener('abort', onStop, { once: true });
  const timer = setTimeout(() => {
    abort.abort(new Error(`nothing was heard from the API server for ${idleMs / 1000} s`));
  }, idleMs);
  try {
    return await run(abort.signal, () => timer.refresh());
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', onStop);
    abort.abort(); // whatever is left of the connection
  }
}
