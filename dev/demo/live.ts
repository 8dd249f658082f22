import { Watch, type KubeConfig, type KubernetesObject } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';

import { GROUP, VERSION } from '../../src/domain/names.js';

/** Called with each change; `object` is undefined when the object is gone. */
export type OnChange<T> = (name: string, object: T | undefined) => void;

/** The objects of one of our kinds as they are now, by name, kept up to date by a watch. */
export class Live<T extends KubernetesObject> {
  readonly objects = new Map<string, T>();
  readonly #watch: Watch;
  readonly #plural: string;
  readonly #listeners = new Set<OnChange<T>>();
  #request: AbortController | undefined;
  #stopped = false;

  private constructor(config: KubeConfig, plural: string) {
    this.#watch = new Watch(config);
    this.#plural = plural;
  }

  /** Begins to watch; objects that are there already come in as changes. */
  static async start<T extends KubernetesObject>(config: KubeConfig, plural: string): Promise<Live<T>> {
    const live = new Live<T>(config, plural);
    await live.#connect();
    return live;
  }

  /** Calls `listener` with every change from now on; returns what ends that. */
  onChange(listener: OnChange<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Waits until `holds` is true of the objects.
   * @param seen says in words what is there, for the message
   * @throws Error after `timeoutMs`, with `what` and what was seen last
   */
  async until(what: string, holds: () => boolean, timeoutMs: number, seen: () => string): Promise<void> {
    if (holds()) return;
    const abort = new AbortController();
    let forget: (() => void) | undefined;
    const held = new Promise<true>((resolve) => {
      forget = this.onChange(() => {
        if (holds()) resolve(true);
      });
    });
    const late = sleep(timeoutMs, false as const, { signal: abort.signal }).catch(() => false as const);
    const inTime = await Promise.race([held, late]);
    abort.abort();
    forget?.();
    if (!inTime) throw new Error(`not within ${timeoutMs / 1000} s: ${what}; last seen: ${seen()}`);
  }

  /** Ends the watch. */
  stop(): void {
    this.#stopped = true;
    this.#request?.abort();
  }

  async #connect(): Promise<void> {
    const path = `/apis/${GROUP}/${VERSION}/${this.#plural}`;
    const ended = (): void => {
      if (!this.#stopped) void this.#reconnect();
    };
    this.#request = await this.#watch.watch(path, {}, (type, object: T) => this.#take(type, object), ended);
  }

  async #reconnect(): Promise<void> {
    await sleep(200);
    await this.#connect().catch(() => undefined); // the deadlines of those who wait tell
  }

  #take(type: string, object: T): void {
    const name = object.metadata?.name;
    if (name === undefined) return;
    if (type === 'DELETED') this.objects.delete(name);
    else this.objects.set(name, object);
    for (const listener of this.#listeners) listener(name, type === 'DELETED' ? undefined : object);
  }
}
