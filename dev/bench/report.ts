import { cpus, totalmem } from 'node:os';

import { headline, paint, table } from '../demo/print.js';
import { total } from './kube-writes.js';
import type { Phase } from './phase.js';
import type { Result } from './scenario.js';

/** What must be met for 200 pairs with delays, and what a serial controller needs on the same launcher. */
const GOAL = { seconds: 15, callsPerPair: 3.3, callsAtRest: 0, latencyMs: 500 };
const SERIAL = { seconds: 91, callsPerPair: 4.1, callsAtRest: 5600 };

/** EC2 calls, writes and the like of all pairs, for one. */
export function perPair(count: number, { pairs }: Pick<Result, 'pairs'>): number {
  return Math.round((count / pairs) * 100) / 100;
}

/** EC2 calls in a minute of rest. */
export function callsPerMinute({ rest }: Pick<Result, 'rest'>): number {
  return Math.round((total(rest.ec2Calls) * 60) / rest.seconds);
}

/** Prints the tables. */
export function printReport(results: readonly Result[]): void {
  console.log(`\n${cpus().length} cores for all processes together, ${Math.round(totalmem() / 2 ** 30)} GiB`);
  headline('Time and calls');
  const head = ['PAIRS', 'EC2', 'ATTACHED', 'REMOVED', 'EC2 CALLS/PAIR', 'REMOVAL', 'A MINUTE AT REST'];
  table([...head, 'K8S WRITES/PAIR', 'REMOVAL', 'EVENTS/PAIR', 'REMOVED'], results.map(overview));
  headline('EC2 calls by action, while attaching / while removing');
  byName(results, (phase) => phase.ec2Calls);
  headline('Writes to the Kubernetes API, while attaching / while removing');
  byName(results, (phase) => phase.kubernetesWrites);
  headline('CPU seconds by process, while attaching / while removing');
  byName(results, (phase) => phase.cpuSeconds);
  headline('Memory in MiB, attached and at rest');
  const processes = Object.keys(results[0]?.memoryMib ?? {});
  table(
    ['', ...processes],
    results.map((result) => [title(result), ...processes.map((name) => Math.round(result.memoryMib[name] ?? 0))]),
  );
  printLatency(results);
  printGoals(results);
}

function overview(result: Result): (string | number)[] {
  const { attach, remove, historyEvents } = result;
  return [
    result.pairs,
    delays(result),
    `${attach.seconds.toFixed(1)} s`,
    `${remove.seconds.toFixed(1)} s`,
    perPair(total(attach.ec2Calls), result),
    perPair(total(remove.ec2Calls), result),
    callsPerMinute(result),
    perPair(total(attach.kubernetesWrites), result),
    perPair(total(remove.kubernetesWrites), result),
    historyEvents.attached.mean.toFixed(0),
    historyEvents.removed.mean.toFixed(0),
  ];
}

function byName(results: readonly Result[], pick: (phase: Phase) => Readonly<Record<string, number>>): void {
  const phases = results.flatMap(({ attach, remove }) => [pick(attach), pick(remove)]);
  const names = [...new Set(phases.flatMap((phase) => Object.keys(phase)))].sort();
  const cell = (value: number | undefined): string => (value === undefined ? '-' : String(value));
  table(
    ['', ...results.map(title)],
    names.map((name) => [
      name,
      ...results.map(({ attach, remove }) => `${cell(pick(attach)[name])} / ${cell(pick(remove)[name])}`),
    ]),
  );
}

function printLatency(results: readonly Result[]): void {
  const latency = results.find(({ latencyMs }) => latencyMs !== undefined)?.latencyMs;
  if (latency === undefined) return;
  const { median, least, most, samples } = latency;
  headline('From label to attached, single pairs without delays');
  console.log(`  median ${median} ms of ${samples} (${least} to ${most} ms)${mark(median, GOAL.latencyMs, ' ms')}`);
}

function printGoals(results: readonly Result[]): void {
  const last = results.at(-1);
  if (last === undefined || last.pairs !== 200) return;
  headline('200 pairs with delays, next to a controller that works serially');
  const rows: [string, number, number, number][] = [
    ['seconds to all attached', last.attach.seconds, SERIAL.seconds, GOAL.seconds],
    ['EC2 calls a pair to attach', perPair(total(last.attach.ec2Calls), last), SERIAL.callsPerPair, GOAL.callsPerPair],
    ['EC2 calls in a minute of rest', callsPerMinute(last), SERIAL.callsAtRest, GOAL.callsAtRest],
  ];
  table(
    ['', 'SERIAL', 'OURS', 'GOAL'],
    rows.map(([name, ours, serial, goal]) => [name, serial, ours, mark(ours, goal, '').trim()]),
  );
}

function mark(value: number, goal: number, unit: string): string {
  const met = value <= goal;
  return `  ${paint(met ? 'green' : 'red', `${met ? 'met' : 'missed'}: ≤ ${goal}${unit}`)}`;
}

function title(result: Result): string {
  return `${result.pairs}, ${delays(result)}`;
}

function delays({ ec2 }: Result): string {
  return (ec2.latency_ms ?? 0) === 0 ? 'no delays' : `${ec2.latency_ms} ms, ${ec2.attach_s} s`;
}
