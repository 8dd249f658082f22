import { Live } from '../demo/live.js';
import { NodeEnis, type Attachment } from '../demo/node-enis.js';
import { labelNode, seedNodes } from '../stack/nodes.js';
import type { Vpc } from '../stack/seed.js';
import type { Stack } from '../stack/stack.js';

/** From the label on a node to its Attachment's phase Attached, in milliseconds. */
export interface Latency {
  readonly samples: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

const NAME = 'latency';
const SAMPLES = 15;
const WARM_UPS = 2;
const DEADLINE_MS = 20_000;

/** Labels one node after the other and takes the time; leaves nothing behind but unlabelled nodes. */
export async function measureLatency(stack: Stack, vpc: Vpc): Promise<Latency> {
  const names = Array.from({ length: WARM_UPS + SAMPLES }, (_, index) => `latency-${index}`);
  await seedNodes(
    stack,
    vpc,
    names.map((name) => ({ name })),
  );
  const nodeEnis = new NodeEnis(stack);
  await nodeEnis.create(NAME, {
    nodeSelector: { bench: NAME },
    subnetID: Object.values(vpc.subnetIds)[0]!,
    securityGroupIDs: Object.values(vpc.securityGroupIds),
  });
  const attachments = await Live.start<Attachment>(stack.kubernetes.config, 'nodeeniattachments');
  try {
    const times: number[] = [];
    for (const name of names) times.push(await one(stack, attachments, name));
    await nodeEnis.delete(NAME);
    const isEmpty = (): boolean => attachments.objects.size === 0;
    await attachments.until('all of them are released', isEmpty, DEADLINE_MS, () => seen(attachments));
    return summary(times.slice(WARM_UPS));
  } finally {
    attachments.stop();
  }
}

async function one(stack: Stack, attachments: Live<Attachment>, node: string): Promise<number> {
  const begin = performance.now();
  await labelNode(stack, node, { bench: NAME });
  const isAttached = (): boolean => attachments.objects.get(`${node}.0.1`)?.status?.phase === 'Attached';
  await attachments.until(`${node} has its ENI`, isAttached, DEADLINE_MS, () => seen(attachments));
  return performance.now() - begin;
}

function seen(attachments: Live<Attachment>): string {
  const words = [...attachments.objects].map(([name, { status }]) => `${name} ${status?.phase ?? '-'}`);
  return words.join('; ') || 'no attachment';
}

function summary(times: readonly number[]): Latency {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? 0;
  return { samples: sorted.length, median: at(sorted.length >> 1), least: at(0), most: at(sorted.length - 1) };
}
