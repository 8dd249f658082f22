/**
 * `make demo`: two of the cases live in a terminal, on a stack of their own.
 *
 *   node --import tsx dev/demo/main.ts [--keep]
 *
 * It ends by itself: exit code 0 when everything was attached and released and nothing is left, else 1.
 * With --keep the last pairs stay, and the stack until Ctrl-C.
 */
import { parseArgs } from 'node:util';

import { startController, type Controller } from '../stack/controller.js';
import { startStack, type Stack } from '../stack/stack.js';
import { makeNetwork } from './network.js';
import { Pairs } from './pairs.js';
import { headline, paint } from './print.js';
import { play, type Outcome } from './story.js';

const { values: options } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });

/** Slow enough that phases can be seen; the real EC2 takes about as long. */
const EC2 = { latency_ms: 100, attach_s: 1, detach_s: 1 };

async function run(): Promise<void> {
  console.log(paint('bold', 'Temporal, a Kubernetes API, a fake EC2 and the controller on this machine'));
  console.log(`  EC2 takes ${EC2.latency_ms} ms for a call, ${EC2.attach_s} s to attach, ${EC2.detach_s} s to detach`);
  const stack = await startStack({ log: (line) => console.log(`  ${line}`) });
  try {
    const outcome = await onStack(stack);
    console.log(`\n${lastLine(outcome)}`);
    process.exitCode = isGood(outcome) ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

async function onStack(stack: Stack): Promise<Outcome> {
  const begin = performance.now();
  const [controller, network] = await Promise.all([startController(stack), makeNetwork(stack)]);
  let isReady = false;
  try {
    await controller.whenReady(); // tells its last output itself
    isReady = true;
    console.log(`  The controller is ready after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    await stack.ec2.control.config(EC2);
    const pairs = await Pairs.follow(stack);
    try {
      const outcome = await Promise.race([play(stack, network, pairs, options.keep), untilItEnds(controller)]);
      if (options.keep) await stay(stack, outcome);
      return outcome;
    } finally {
      pairs.stop();
    }
  } catch (error) {
    if (isReady) console.error(`\nThe controller's last output:\n${controller.process.output.tail()}`);
    throw error;
  } finally {
    await controller.process.stop();
  }
}

async function untilItEnds(controller: Controller): Promise<never> {
  throw new Error(`the controller ended by itself (${await controller.process.ended})`);
}

async function stay(stack: Stack, outcome: Outcome): Promise<void> {
  headline(`So far ${lastLine(outcome).replace('demo: ', '')}. Everything stays up until Ctrl-C.`);
  console.log(`  Web UI  ${stack.temporal.uiUrl}/namespaces/${stack.temporal.namespace}/workflows`);
  console.log(`  export KUBECONFIG=${stack.kubernetes.kubeconfig}; kubectl get nodeenis,nodeeniattachments`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function isGood({ attached, released, leaked }: Outcome): boolean {
  return attached.seen === attached.wanted && released.seen === released.wanted && leaked === 0;
}

function lastLine({ attached, released, leaked }: Outcome): string {
  const shares = [`${attached.seen} of ${attached.wanted} attached`, `${released.seen} of ${released.wanted} released`];
  return `demo: ${shares.join(', ')}, ${leaked} leaked`;
}

await run().catch((error: unknown) => {
  console.error(paint('red', `\ndemo: failed: ${error instanceof Error ? error.message : String(error)}`));
  process.exitCode = 1;
});
process.exit(); // a wait for what has ended meanwhile may still be polling
