/**
 * `make dev`: the whole product on this machine, with three nodes to play with. Ctrl-C ends everything.
 *
 *   node --import tsx dev/dev.ts [--no-controller]
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { REPO } from './bootstrap/paths.js';
import { startController, type Controller } from './stack/controller.js';
import { seedNodes } from './stack/nodes.js';
import { seedVpc, type Vpc } from './stack/seed.js';
import { startStack, type Stack } from './stack/stack.js';

const { values: options } = parseArgs({ options: { 'no-controller': { type: 'boolean', default: false } } });

const NODES = [
  { name: 'node-a1', zone: 'us-east-1a', labels: { ng: 'multi-eni', subnet: 'a' } },
  { name: 'node-a2', zone: 'us-east-1a', labels: { ng: 'multi-eni', subnet: 'a' } },
  { name: 'node-b1', zone: 'us-east-1b', labels: { ng: 'multi-eni', subnet: 'b' } },
];

async function run(): Promise<void> {
  const interrupted = untilInterrupted();
  console.log('starting Temporal, a Kubernetes API and a fake EC2 …');
  const stack = await startStack({ log: (line) => console.log(`  ${line}`) });
  try {
    const vpc = await seedVpc(stack.ec2.client);
    await seedNodes(stack, vpc, NODES);
    const controller = await controllerOf(stack);
    console.log(introduction(stack, vpc));
    await untilTheEnd(interrupted, controller);
    await controller?.process.stop();
  } finally {
    await stack.stop();
  }
}

async function untilInterrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

async function controllerOf(stack: Stack): Promise<Controller | undefined> {
  if (options['no-controller']) return undefined;
  if (existsSync(join(REPO, 'src/main.ts'))) return await startController(stack);
  console.log('  there is no src/main.ts: the controller is left out');
  return undefined;
}

async function untilTheEnd(interrupted: Promise<void>, controller: Controller | undefined): Promise<void> {
  const ends = [interrupted.then(() => 'interrupted')];
  if (controller !== undefined) {
    const tail = (): string => `its last output:\n${controller.process.output.tail()}\n`;
    ends.push(controller.process.ended.then((how) => `the controller ended by itself (${how}), ${tail()}`));
  }
  console.log(`\n${await Promise.race(ends)}; taking everything down …`);
}

/** Writes a NodeENI that fits the seeded network, and says what to do with all this. */
function introduction(stack: Stack, vpc: Vpc): string {
  const manifest = join(stack.dir, 'nodeeni.yaml');
  writeFileSync(manifest, sampleManifest(vpc));
  const exports = Object.entries(stack.env()).map(([name, value]) => `  export ${name}=${value}`);
  return `
Web UI   ${stack.temporal.uiUrl}/namespaces/${stack.temporal.namespace}/workflows
logs     ${stack.dir}

In another shell:
${exports.join('\n')}

  kubectl apply -f ${manifest}   # an ENI for node-a1 and node-a2
  kubectl get nodeenis,nodeeniattachments
  kubectl label node node-b1 subnet=a --overwrite; kubectl describe enia

Ctrl-C ends everything.`;
}

function sampleManifest(vpc: Vpc): string {
  const { 'us-east-1a': subnetId } = vpc.subnetIds;
  return `apiVersion: networking.k8s.aws/v1alpha1
kind: NodeENI
metadata:
  name: subnet-a
spec:
  nodeSelector:
    ng: multi-eni
    subnet: a
  subnetID: ${subnetId ?? ''}
  securityGroupIDs: [${Object.values(vpc.securityGroupIds).join(', ')}]
  deviceIndex: 1
`;
}

await run();
