import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** How long and how often {@link eventually} looks. */
export interface EventuallyOptions {
  /** Milliseconds until it gives up. Default 10,000. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks. Default 50. */
  readonly intervalMs?: number;
}

/**
 * Looks again and again until `check` yields something, and returns that.
 *
 * A throw (of an assertion, say), `undefined`, `null` and `false` mean "not yet".
 * A look that hangs does not outlive the deadline.
 *
 * @param what the condition in words, as it should stand in the message: "node-1 has an ENI"
 * @throws Error after `timeoutMs`, with `what`, what was last seen, and the last error as cause
 */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const { timeoutMs = 10_000, intervalMs = 50 } = options;
  const deadline = performance.now() + timeoutMs;
  let last: Look<T> | undefined;
  while (performance.now() < deadline) {
    const look = await within(Math.max(1, deadline - performance.now()), check);
    if (look === undefined) break;
    if ('value' in look && isThere(look.value)) return look.value;
    last = look;
    await sleep(intervalMs);
  }
  throw new Error(`not within ${timeoutMs / 1000} s: ${what}; last seen: ${describe(last)}`, {
    cause: last !== undefined && 'error' in last ? last.error : undefined,
  });
}

type Look<T> = { readonly value: T } | { readonly error: unknown };

function isThere<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== undefined && value !== null && value !== false;
}

async function within<T>(milliseconds: number, check: () => T | Promise<T>): Promise<Look<T> | undefined> {
  const abort = new AbortController();
  const tooLate = sleep(milliseconds, undefined, { signal: abort.signal }).catch(() => undefined);
  try {
    return await Promise.race([look(check), tooLate]);
  } finally {
    abort.abort();
  }
}

async function look<T>(check: () => T | Promise<T>): Promise<Look<T>> {
  try {
    return { value: await check() };
  } catch (error) {
    return { error };
  }
}

function describe(look: Look<unknown> | undefined): string {
  if (look === undefined) return 'nothing, the first look did not come back';
  if ('value' in look) return inspect(look.value);
  return look.error instanceof Error ? look.error.message : inspect(look.error);
}
