import { TAG_KEYS } from '../../src/domain/tags.js';
import type { Ec2Eni } from '../stack/ec2-types.js';
import { eventually } from '../stack/eventually.js';
import { CLUSTER_NAME, type Cluster } from './cluster.js';
import { problems, type Problem } from './settled.js';

/** How everything came to rest. */
export interface Settled {
  /** None when everything is right. */
  readonly problems: readonly Problem[];
  readonly seconds: number;
}

const INTERVAL_MS = 500;

const TOLD_EVERY_MS = 15_000;

/** Longer than two audits and resyncs of a run: what they would do is seen. */
const IDLE_MS = 12_000;

/** Waits for what has to come when nothing happens any more, and says what did not. */
export class Settling {
  readonly #cluster: Cluster;
  readonly #limitMs: number;
  readonly #log: (line: string) => void;

  /**
   * @param limitMs how long everything may take
   * @param log gets what is not right yet, now and then
   */
  constructor(cluster: Cluster, limitMs: number, log: (line: string) => void) {
    this.#cluster = cluster;
    this.#limitMs = limitMs;
    this.#log = log;
  }

  /** Waits until each wanted pair is right and nothing else is there. Resolves with what is not when the time is over. */
  async settle(): Promise<Settled> {
    const begin = performance.now();
    let last: Problem[] = [];
    let toldAt = begin;
    const right = async (): Promise<boolean> => {
      await this.#cluster.remake();
      const attachments = await this.#cluster.world.objects.attachments();
      last = problems(this.#cluster.wanted, { enis: await this.#ours(), attachments });
      last.push(...(await this.#wrongCounts()));
      if (performance.now() - toldAt > TOLD_EVERY_MS) {
        toldAt = performance.now();
        for (const { pair, what } of last.slice(0, 3)) this.#log(`not yet (one of ${last.length}): ${pair}: ${what}`);
      }
      return last.length === 0;
    };
    await this.#eventually('every pair is right', right);
    return { problems: last, seconds: (performance.now() - begin) / 1000 };
  }

  /** How many changes of EC2 are asked for in a while in which nothing happens; none should be. */
  async idleChanges(): Promise<number> {
    const { control } = this.#cluster.world.stack.ec2;
    const { lastSeq: since } = await control.counts();
    const end = performance.now() + IDLE_MS;
    await eventually('a while has passed', () => performance.now() >= end, { timeoutMs: IDLE_MS * 2 });
    return (await control.counts({ since })).mutating;
  }

  /** Deletes all NodeENIs and waits until they are gone. Resolves with what is left of ours in EC2 and in Kubernetes. */
  async removeAll(): Promise<string[]> {
    const { objects } = this.#cluster.world;
    const names = this.#cluster.nodeEnis.map(({ name }) => name);
    for (const name of names) await this.#cluster.act(`delete ${name}`, () => objects.deleteNodeEni(name));
    await this.#eventually('every NodeENI is gone', async () => {
      const left = await Promise.all(names.map((name) => objects.nodeEni(name)));
      return left.every((object) => object === null);
    });
    const attachments = await objects.attachments();
    return [...(await this.#ours()).map(({ id }) => id), ...attachments.map(({ metadata }) => metadata.name)];
  }

  /** The status of a NodeENI counts what there is. */
  async #wrongCounts(): Promise<Problem[]> {
    const wanted = Map.groupBy(this.#cluster.wanted, ({ nodeEni }) => nodeEni);
    const found: Problem[] = [];
    for (const { name } of this.#cluster.nodeEnis) {
      const count = wanted.get(name)?.length ?? 0;
      const { attached, desired } = (await this.#cluster.world.objects.nodeEni(name))?.status ?? {};
      if (attached === count && desired === count) continue;
      found.push({ pair: `${name}/*`, what: `status: ${attached ?? '?'} of ${desired ?? '?'} attached, not ${count}` });
    }
    return found;
  }

  async #ours(): Promise<readonly Ec2Eni[]> {
    const enis = await this.#cluster.world.stack.ec2.control.enis();
    return enis.filter(({ tags }) => tags[TAG_KEYS.cluster] === CLUSTER_NAME);
  }

  /** Unlike the tests' own waits, the end of the time is a result. */
  async #eventually(what: string, check: () => Promise<boolean>): Promise<void> {
    await eventually(what, check, { timeoutMs: this.#limitMs, intervalMs: INTERVAL_MS }).catch(() => undefined);
  }
}
