import { setTimeout as sleep } from 'node:timers/promises';

import { Cluster, type ClusterOptions } from './cluster.js';
import { isTrouble, nameOf, type TimedEvent } from './events.js';
import { type Histories, readHistories } from './histories.js';
import { memoryCurve, type MemoryCurve, type MemorySample, sampleMemory } from './memory.js';
import { Performer } from './perform.js';
import { drawSchedule, type ScheduleOptions } from './schedule.js';
import { Settling } from './settling.js';
import type { Problem } from './settled.js';
import { Watch } from './watch.js';
import type { Violation } from './ledger.js';

/** A run: how long, how large, by which seed. */
export interface SoakOptions extends ClusterOptions, Omit<ScheduleOptions, 'controllerKillsUntil'> {
  /** Default: the first third. */
  readonly controllerKillsUntil?: number;
  /** Gets a line for each event and each stage. Default: none. */
  readonly log?: (line: string) => void;
  /** How long everything may take to settle, in milliseconds. */
  readonly settleMs: number;
}

/** What came of it. */
export interface SoakResult {
  readonly seed: number;
  readonly seconds: number;
  readonly pairs: number;
  /** Events that happened, by name; those without a target are not among them. */
  readonly events: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly violations: readonly Violation[];
  /** What was not right when everything should have settled. */
  readonly problems: readonly Problem[];
  readonly settledAfterSeconds: number;
  /** Changes of EC2 that were asked for after everything had settled. */
  readonly idleChanges: number;
  /** ENIs of ours after everything was deleted. */
  readonly leaked: readonly string[];
  /** How often the rules were checked. */
  readonly looks: number;
  readonly memory: MemoryCurve | null;
  readonly histories: { readonly first: Histories; readonly last: Histories };
}

/** Starts a stack, lets a schedule happen on it, and tells what came of it. @throws Error when the stack itself fails */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { log = () => undefined, seconds } = options;
  const cluster = await Cluster.start(options);
  const settling = new Settling(cluster, options.settleMs, log);
  const memory: MemorySample[] = [];
  const sampler = setInterval(
    () => memory.push(sampleMemory(cluster.world.controller.process.pid, performance.now())),
    2_000,
  );
  const watch = await Watch.begin(cluster);
  try {
    const begin = await settling.settle();
    log(`${options.nodes * options.nodeEnis} pairs are attached after ${begin.seconds.toFixed(1)} s`);
    if (begin.problems.length > 0) throw new Error(`before anything went wrong: ${JSON.stringify(begin.problems)}`);
    const first = await readHistories(cluster.world);
    const schedule = drawSchedule({ controllerKillsUntil: seconds / 3, ...options });
    const done = await play(cluster, schedule, log);
    const settled = await settling.settle();
    log(`settled after ${settled.seconds.toFixed(1)} s, ${settled.problems.length} problems`);
    const idleChanges = await settling.idleChanges();
    const last = await readHistories(cluster.world);
    clearInterval(sampler);
    const leaked = await settling.removeAll();
    await watch.end();
    return {
      ...{ seed: options.seed, seconds, pairs: options.nodes * options.nodeEnis, ...done },
      ...{ violations: watch.violations, problems: settled.problems, settledAfterSeconds: settled.seconds },
      ...{ idleChanges, leaked, looks: watch.looks, memory: memoryCurve(memory), histories: { first, last } },
    };
  } finally {
    clearInterval(sampler);
    await watch.end().catch(() => undefined);
    await cluster.world.stop();
  }
}

async function play(
  cluster: Cluster,
  schedule: readonly TimedEvent[],
  log: (line: string) => void,
): Promise<Pick<SoakResult, 'events' | 'faults'>> {
  const performer = new Performer(cluster);
  const begin = performance.now();
  const now = (): number => (performance.now() - begin) / 1000;
  const events: Record<string, number> = {};
  let faults = 0;
  for (const { at, event } of schedule) {
    await sleep(Math.max(0, at - now()) * 1000); // when things happen is what a schedule says
    const target = await performer.perform(event);
    await cluster.remake();
    log(`${now().toFixed(1).padStart(7)} s  ${nameOf(event)}: ${target ?? 'nothing to do it to'}`);
    if (target === null || nameOf(event).includes('end of')) continue;
    events[nameOf(event)] = (events[nameOf(event)] ?? 0) + 1;
    if (isTrouble(event)) faults += 1;
  }
  await performer.calm();
  return { events, faults };
}
