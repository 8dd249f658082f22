import { setTimeout as sleep } from 'node:timers/promises';

import { NodeEnis } from '../demo/node-enis.js';
import { startController } from '../stack/controller.js';
import type { Ec2Config } from '../stack/ec2-types.js';
import { eventually } from '../stack/eventually.js';
import { seedNodes } from '../stack/nodes.js';
import { seedVpc } from '../stack/seed.js';
import { startStack, type Stack } from '../stack/stack.js';
import { historyEvents, type HistoryEvents } from './history.js';
import { measureLatency, type Latency } from './latency.js';
import { memoryMib, type Pids } from './machine.js';
import { measured, type Phase } from './phase.js';

/** What to measure. */
export interface Scenario {
  readonly pairs: number;
  readonly ec2: Ec2Config;
  /** Whether also single pairs are timed, before the many. */
  readonly latency: boolean;
  /** How long nothing is done between attaching and removing, in seconds. */
  readonly restSeconds: number;
}

/** What was measured. */
export interface Result {
  readonly pairs: number;
  readonly ec2: Ec2Config;
  readonly attach: Phase;
  readonly rest: Phase;
  readonly remove: Phase;
  readonly historyEvents: { readonly attached: HistoryEvents; readonly removed: HistoryEvents };
  /** MiB by process, attached and at rest. */
  readonly memoryMib: Readonly<Record<string, number>>;
  readonly latencyMs?: Latency;
}

const NAME = 'bench';
const LOOK_MS = 200;
const DEADLINE_MS = 180_000;

/** Starts a stack and the controller of dist/, measures, and takes all of it down. @throws Error when pairs stay behind */
export async function runScenario(scenario: Scenario, log: (line: string) => void): Promise<Result> {
  const stack = await startStack();
  try {
    return await onStack(stack, scenario, log);
  } finally {
    await stack.stop();
  }
}

async function onStack(stack: Stack, scenario: Scenario, log: (line: string) => void): Promise<Result> {
  const vpc = await seedVpc(stack.ec2.client);
  const controller = await startController(stack, { from: 'dist', env: { MULTI_ENI_LOG_LEVEL: 'warn' } });
  try {
    await controller.whenReady();
    const latencyMs = scenario.latency ? await measureLatency(stack, vpc) : undefined;
    const nodes = Array.from({ length: scenario.pairs }, (_, index) => `node-${index}`);
    await seedNodes(
      stack,
      vpc,
      nodes.map((name) => ({ name, labels: { bench: NAME } })),
    );
    await sleep(1_000); // whatever the nodes have set off is over
    await stack.ec2.control.config(scenario.ec2);
    const { kubernetes, temporal, ec2 } = stack;
    const pids: Pids = {
      controller: controller.process.pid,
      temporal: temporal.pid,
      kubernetes: kubernetes.pid,
      ec2: ec2.pid,
    };
    const nodeEnis = new NodeEnis(stack);
    const spec = {
      nodeSelector: { bench: NAME },
      subnetID: Object.values(vpc.subnetIds)[0]!,
      securityGroupIDs: Object.values(vpc.securityGroupIds),
    };
    const attach = await measured(stack, pids, async () => {
      await nodeEnis.create(NAME, spec);
      await untilAttached(nodeEnis, scenario.pairs);
    });
    log(`attached after ${attach.seconds.toFixed(1)} s`);
    await checkEnis(stack, scenario.pairs);
    await sleep(2_000); // the last workflow tasks end
    const rest = await measured(stack, pids, () => sleep(scenario.restSeconds * 1000));
    const memory = memoryMib(pids);
    const attached = await historyEvents(stack, NAME, nodes);
    const remove = await measured(stack, pids, async () => {
      await nodeEnis.delete(NAME);
      await untilGone(nodeEnis);
    });
    log(`removed after ${remove.seconds.toFixed(1)} s`);
    await checkEnis(stack, 0);
    const events = { attached, removed: await historyEvents(stack, NAME, nodes) };
    const latency = latencyMs === undefined ? {} : { latencyMs };
    const { pairs, ec2: config } = scenario;
    return { pairs, ec2: config, attach, rest, remove, historyEvents: events, memoryMib: memory, ...latency };
  } catch (error) {
    log(`the controller's last output:\n${controller.process.output.tail()}`);
    throw error;
  } finally {
    await controller.process.stop();
  }
}

async function untilAttached(nodeEnis: NodeEnis, pairs: number): Promise<void> {
  await eventually(
    `all ${pairs} pairs are attached`,
    async () => {
      const { desired = 0, attached = 0, blocked = 0 } = (await nodeEnis.get(NAME))?.status ?? {};
      if (attached === pairs) return true;
      throw new Error(`${desired} desired, ${attached} attached, ${blocked} blocked`);
    },
    { timeoutMs: DEADLINE_MS, intervalMs: LOOK_MS },
  );
}

async function untilGone(nodeEnis: NodeEnis): Promise<void> {
  await eventually(
    'the NodeENI is gone',
    async () => {
      const nodeEni = await nodeEnis.get(NAME);
      if (nodeEni === undefined) return true;
      throw new Error(`its status: ${JSON.stringify({ ...nodeEni.status, attachments: undefined })}`);
    },
    { timeoutMs: DEADLINE_MS, intervalMs: LOOK_MS },
  );
}

/** The truth, once: EC2's own books. */
async function checkEnis(stack: Stack, wanted: number): Promise<void> {
  const enis = await stack.ec2.control.enis();
  const attached = enis.filter(({ attachment }) => attachment?.status === 'attached').length;
  if (enis.length === wanted && attached === wanted) return;
  throw new Error(`EC2 has ${enis.length} ENIs, ${attached} of them attached; it should have ${wanted}`);
}
