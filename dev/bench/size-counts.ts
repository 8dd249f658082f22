import { difference } from './machine.js';
import { kubeWrites, type Writes } from './kube-writes.js';
import type { Stack } from '../stack/stack.js';

/** What reached the servers since they started. */
export interface Counts {
  /** Writes to Nodes, our kinds and Events, by verb and resource. */
  readonly kubernetes: Writes;
  /** Requests that start or signal workflows, by name. */
  readonly temporal: Writes;
  /** EC2 calls, by action. */
  readonly ec2: Writes;
}

const RESOURCES = /^\w+ (nodes|nodeenis|nodeeniattachments|events)(\/|$)/;
const REQUEST = /^service_requests\{(.*)\} (\S+)$/;

/** Asks each server for its own books. */
export async function countsOf(stack: Stack): Promise<Counts> {
  const [kubernetes, temporal, { byAction: ec2 }] = await Promise.all([
    kubeWrites(stack),
    temporalRequests(stack),
    stack.ec2.control.counts(),
  ]);
  const ours = Object.entries(kubernetes).filter(([key]) => RESOURCES.test(key));
  return { kubernetes: Object.fromEntries(ours), temporal, ec2 };
}

/** What came between two looks; without what stayed as it was. */
export function between(before: Counts, after: Counts): Counts {
  const changed = (key: keyof Counts): Writes =>
    Object.fromEntries(Object.entries(difference(after[key], before[key])).filter(([, count]) => count > 0));
  return { kubernetes: changed('kubernetes'), temporal: changed('temporal'), ec2: changed('ec2') };
}

/** The part about Temporal alone. Another part of the server that calls the frontend counts under another name. */
export async function temporalRequests({ temporal }: Pick<Stack, 'temporal'>): Promise<Writes> {
  const counts: Record<string, number> = {};
  for (const line of (await (await fetch(temporal.metricsUrl)).text()).split('\n')) {
    const [, labels = '', count = '0'] = REQUEST.exec(line) ?? [];
    const operation = /operation="(\w*(?:Start|Signal)\w*Workflow\w*)"/.exec(labels)?.[1];
    if (operation === undefined || !labels.includes('service_name="frontend"')) continue;
    counts[operation] = (counts[operation] ?? 0) + Number(count);
  }
  return counts;
}
