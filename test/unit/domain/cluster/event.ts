import type { Cluster } from './cluster.js';

/**
 * Something that happens to a cluster.
 *
 * @param which - a whole number that says to what; any will do
 * @param how - a whole number that says in which way; any will do
 */
export type Event = (cluster: Cluster, which: number, how: number) => void | Promise<void>;

/** Events by their names, as a counterexample shows them. */
export type Events = Readonly<Record<string, Event>>;

/** The item that a number chooses; undefined when there is none. */
export function choose<T>(from: Iterable<T>, number: number): T | undefined {
  const all = [...from];
  return all[number % all.length];
}

/** The one of several that a number chooses. */
export function pick<T>(from: readonly [T, ...T[]], number: number): T {
  return from[number % from.length] ?? from[0];
}
