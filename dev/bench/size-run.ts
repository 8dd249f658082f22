import { type Controller, startController } from '../stack/controller.js';
import { eventually } from '../stack/eventually.js';
import { type NodeSpec, seedNodes } from '../stack/nodes.js';
import { seedVpc, type Vpc } from '../stack/seed.js';
import { type Stack, startStack } from '../stack/stack.js';
import { Objects } from '../world/objects.js';
import { memoryMib } from './machine.js';
import { between, type Counts, countsOf } from './size-counts.js';

/** A stretch of the run. */
export interface Stretch {
  readonly name: string;
  readonly seconds: number;
  readonly counts: Counts;
  /** Of the controller at the end of it. */
  readonly mib: number;
}

/** What to measure. */
export interface SizeOptions {
  readonly pairs: number;
  /** The controller's `MULTI_ENI_EC2_RATE`. */
  readonly ec2Rate: number;
  /** What the controller is run from. */
  readonly from: 'src' | 'dist';
}

const NAME = 'big';

/** A subnet has 4,091 addresses, and each node takes two. */
const NODES_IN_A_SUBNET = 1_500;

/** For those who share the machine: a pair takes a tenth of a second at most. */
const LEAST_PATIENCE_MS = 120_000;
const PATIENCE_MS = 300;

/** The stack, the controller, and what was measured. */
class Run {
  readonly stretches: Stretch[] = [];
  readonly objects: Objects;
  controller!: Controller;

  constructor(
    readonly stack: Stack,
    readonly vpc: Vpc,
    readonly options: SizeOptions,
    private readonly log: (line: string) => void,
  ) {
    this.objects = new Objects(stack);
  }

  async start(): Promise<void> {
    const env = {
      MULTI_ENI_LOG_LEVEL: 'warn',
      MULTI_ENI_EC2_RATE: String(this.options.ec2Rate),
      MULTI_ENI_AUDIT_INTERVAL: '1h',
    };
    this.controller = await startController(this.stack, { from: this.options.from, env });
    await this.controller.whenReady(LEAST_PATIENCE_MS);
  }

  async stretch(name: string, work: () => Promise<unknown>): Promise<void> {
    const before = await this.counts();
    const begin = performance.now();
    await work();
    const seconds = (performance.now() - begin) / 1000;
    const { controller: mib = 0 } = memoryMib({ controller: this.controller.process.pid });
    this.stretches.push({ name, seconds, counts: between(before, await this.counts()), mib });
    this.log(`${name}: ${seconds.toFixed(1)} s`);
  }

  async until(what: string, check: () => Promise<boolean>): Promise<void> {
    const timeoutMs = LEAST_PATIENCE_MS + PATIENCE_MS * this.options.pairs;
    await eventually(what, check, { timeoutMs, intervalMs: 500 });
  }

  async attached(): Promise<number> {
    return (await this.objects.nodeEni(NAME))?.status?.attached ?? 0;
  }

  async passes(): Promise<number> {
    const metrics = await (await fetch(this.controller.metricsUrl)).text();
    return Number(/^multi_eni_watcher_passes_total\{result="ok"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
  }

  async enis(): Promise<number> {
    return (await this.stack.ec2.control.enis()).length;
  }

  /** Temporal's own are shown once a second. */
  private async counts(): Promise<Counts> {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return countsOf(this.stack);
  }
}

/** Attaches, restarts, deletes with a crash at half, on a stack of its own. @throws Error when anything stays behind */
export async function runSize(options: SizeOptions, log: (line: string) => void): Promise<readonly Stretch[]> {
  const stack = await startStack({ ec2: { latency_ms: 0, attach_s: 0, detach_s: 0, eni_per_region: 20_000 } });
  try {
    const zones = Array.from({ length: Math.ceil(options.pairs / NODES_IN_A_SUBNET) }, (_, zone) => zoneName(zone));
    const run = new Run(stack, await seedVpc(stack.ec2.client, { zones }), options, log);
    await seedNodes(stack, run.vpc, nodesOf(options.pairs, zones));
    await run.start();
    try {
      await life(run);
    } finally {
      await run.controller.process.stop();
    }
    return run.stretches;
  } finally {
    await stack.stop();
  }
}

async function life(run: Run): Promise<void> {
  const { objects, options, stack, vpc } = run;
  const { pairs } = options;
  await run.stretch('attach', async () => {
    await objects.createNodeEni(NAME, {
      nodeSelector: { size: NAME },
      subnetIDs: Object.values(vpc.subnetIds),
      securityGroupIDs: Object.values(vpc.securityGroupIds),
    });
    await run.until(`${pairs} are attached`, async () => (await run.attached()) === pairs);
  });
  await expectEnis(run, pairs);
  await run.stretch('restart', async () => {
    await run.controller.process.stop();
    await run.start();
    await run.until('the watcher has looked', async () => (await run.passes()) > 0);
  });
  await run.stretch('delete, up to the kill at half', async () => {
    await objects.deleteNodeEni(NAME);
    await run.until('half of the ENIs are gone', async () => (await run.enis()) <= pairs / 2);
    await run.controller.process.kill9();
  });
  await run.stretch('delete the rest', async () => {
    await run.start();
    await run.until('the NodeENI is gone', async () => (await objects.nodeEni(NAME)) === null);
  });
  await expectEnis(run, 0);
  const { createdEniIds } = await stack.ec2.control.journal({ event: 'created', tag: 'networking.k8s.aws/cluster' });
  if (createdEniIds.length !== pairs) throw new Error(`${createdEniIds.length} ENIs were made for ${pairs} pairs`);
}

function zoneName(index: number): string {
  return `us-east-1${'abcdef'[index] ?? ''}`;
}

function nodesOf(pairs: number, zones: readonly string[]): NodeSpec[] {
  return Array.from({ length: pairs }, (_, index) => {
    const zone = zones[index % zones.length];
    return { name: `node-${index}`, labels: { size: NAME }, ...(zone === undefined ? {} : { zone }) };
  });
}

async function expectEnis(run: Run, wanted: number): Promise<void> {
  const enis = await run.enis();
  if (enis !== wanted) throw new Error(`EC2 has ${enis} ENIs; it should have ${wanted}`);
}
