import type { Stack } from '../stack/stack.js';
import { kubeWrites, total } from './kube-writes.js';
import { cpuSeconds, difference, machineCpuSeconds, type Pids } from './machine.js';

/** What a stretch of time has cost. */
export interface Phase {
  readonly seconds: number;
  /** EC2 calls by action. */
  readonly ec2Calls: Readonly<Record<string, number>>;
  /** Writes to the Kubernetes API, by verb and resource. */
  readonly kubernetesWrites: Readonly<Record<string, number>>;
  /** By process; `bench` is this one, `others` is what ran on the machine besides ours. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

/** Does `work` and measures what it costs. */
export async function measured(stack: Stack, pids: Pids, work: () => Promise<unknown>): Promise<Phase> {
  const everyone = { ...pids, bench: process.pid };
  const since = (await stack.ec2.control.counts()).lastSeq;
  const writes = await kubeWrites(stack);
  const cpu = cpuSeconds(everyone);
  const machine = machineCpuSeconds();
  const begin = performance.now();
  await work();
  const seconds = (performance.now() - begin) / 1000;
  const used = difference(cpuSeconds(everyone), cpu);
  const others = Math.max(0, machineCpuSeconds() - machine - total(used));
  const { byAction } = await stack.ec2.control.counts({ since });
  const written = difference(await kubeWrites(stack), writes);
  return {
    seconds: rounded(seconds),
    ec2Calls: byAction,
    kubernetesWrites: Object.fromEntries(Object.entries(written).filter(([, count]) => count > 0)),
    cpuSeconds: Object.fromEntries(Object.entries({ ...used, others }).map(([name, value]) => [name, rounded(value)])),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
