/**
 * Writes docs/images/workflow.png and workflows.png: the Temporal Web UI with workflows of ours, in headless Chromium.
 *
 *   node --import tsx dev/screenshot/main.ts
 */
import { join } from 'node:path';

import { REPO } from '../bootstrap/paths.js';
import { Pairs } from '../demo/pairs.js';
import { NodeEnis } from '../demo/node-enis.js';
import { startController } from '../stack/controller.js';
import { seedNodes } from '../stack/nodes.js';
import { seedVpc } from '../stack/seed.js';
import { startStack, type Stack } from '../stack/stack.js';
import { Browser } from './browser.js';

const IMAGES = join(REPO, 'docs/images');
const NODES = ['node-1', 'node-2', 'node-3'];

async function run(): Promise<void> {
  const browser = await Browser.start();
  try {
    const stack = await startStack({ ec2: { latency_ms: 80, attach_s: 1 } });
    try {
      await onStack(stack, browser);
    } finally {
      await stack.stop();
    }
  } finally {
    await browser.stop();
  }
}

async function onStack(stack: Stack, browser: Browser): Promise<void> {
  const controller = await startController(stack);
  try {
    const vpc = await seedVpc(stack.ec2.client);
    const labels = { ng: 'multi-eni' };
    await seedNodes(
      stack,
      vpc,
      NODES.map((name) => ({ name, labels })),
    );
    await controller.whenReady();
    const pairs = await Pairs.follow(stack);
    const spec = {
      nodeSelector: labels,
      subnetID: Object.values(vpc.subnetIds)[0]!,
      securityGroupIDs: Object.values(vpc.securityGroupIds),
    };
    const nodeEnis = new NodeEnis(stack);
    await nodeEnis.create('nodeeni-subnet-a', { ...spec, deviceIndex: 1 });
    await nodeEnis.create('nodeeni-subnet-b', { ...spec, deviceIndex: 2 });
    await pairs.untilAttached(NODES.flatMap((name) => [`${name}.0.1`, `${name}.0.2`]));
    const page = pairs.workflowUrl('node-1.0.1');
    pairs.stop();
    await browser.picture(page, join(IMAGES, 'workflow.png'), 920);
    const { uiUrl, namespace } = stack.temporal;
    await browser.picture(`${uiUrl}/namespaces/${namespace}/workflows`, join(IMAGES, 'workflows.png'), 620);
  } finally {
    await controller.process.stop();
  }
}

await run().catch((error: unknown) => {
  console.error(`screenshot: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
process.exit(); // a wait for what has ended meanwhile may still be polling
