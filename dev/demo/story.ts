import { attachmentName } from '../../src/domain/names.js';
import { labelNode } from '../stack/nodes.js';
import type { Stack } from '../stack/stack.js';
import { printEnis, type Network } from './network.js';
import { NodeEnis } from './node-enis.js';
import type { Pairs } from './pairs.js';
import { command, headline, paint, table } from './print.js';

/** What the demo has seen, in pairs, and the ENIs that nobody wants. */
export interface Outcome {
  readonly attached: Share;
  readonly released: Share;
  readonly leaked: number;
}

interface Share {
  readonly seen: number;
  readonly wanted: number;
}

const LABEL = 'ng=multi-eni';
const SELECTOR = { ng: 'multi-eni' };
const NAMES = { a: 'nodeeni-subnet-a', b: 'nodeeni-subnet-b' };
const ON_NODE_1 = [attachmentName('node-1', 0, 1), attachmentName('node-1', 0, 2)];
const ON_NODE_2 = [attachmentName('node-2', 0, 1), attachmentName('node-2', 0, 2)];

/** Plays cases 2 and 4, and unless `keep` the removal of everything. @throws Error that says what did not happen */
export async function play(stack: Stack, network: Network, pairs: Pairs, keep: boolean): Promise<Outcome> {
  await twoSubnets(stack, network, pairs);
  await labels(stack, network, pairs);
  if (!keep) await removal(stack, pairs);
  const enisLeft = keep ? await stack.ec2.control.enis() : await printEnis(stack, network);
  const left = new Set(enisLeft.map(({ id }) => id));
  const enis = [...pairs.eniIds];
  const kept = keep ? ON_NODE_2 : [];
  const toRelease = enis.filter(([name]) => !kept.includes(name));
  const ofKept = new Set(enis.filter(([name]) => kept.includes(name)).map(([, id]) => id));
  return {
    attached: { seen: enis.length, wanted: ON_NODE_1.length + ON_NODE_2.length },
    released: {
      seen: toRelease.filter(([, id]) => !left.has(id)).length,
      wanted: ON_NODE_1.length + ON_NODE_2.length - kept.length,
    },
    leaked: [...left].filter((id) => !ofKept.has(id)).length,
  };
}

async function twoSubnets(stack: Stack, network: Network, pairs: Pairs): Promise<void> {
  headline('Case 2: two NodeENIs, two subnets, index 1 and 2 on one node');
  const group = network.securityGroups.join(',');
  table(
    ['NODEENI', 'SELECTOR', 'SUBNET', 'SECURITY GROUP', 'INDEX'],
    [
      [NAMES.a, LABEL, `A ${network.subnetA}`, group, 1],
      [NAMES.b, LABEL, `B ${network.subnetB}`, group, 2],
    ],
  );
  console.log();
  command(`kubectl label node node-1 ${LABEL}`);
  command('kubectl apply -f two-nodeenis.yaml   # deploy/samples, with the ids above');
  const nodeEnis = new NodeEnis(stack);
  const common = { nodeSelector: SELECTOR, securityGroupIDs: network.securityGroups };
  await labelNode(stack, 'node-1', SELECTOR);
  pairs.restartClock();
  await nodeEnis.create(NAMES.a, { ...common, subnetID: network.subnetA, deviceIndex: 1 });
  await nodeEnis.create(NAMES.b, { ...common, subnetID: network.subnetB, deviceIndex: 2 });
  await pairs.untilAttached(ON_NODE_1);
  pairs.printStatus();
  await printEnis(stack, network);
  console.log(`\n  ${paint('dim', 'Web UI')}  ${paint('cyan', pairs.workflowUrl(ON_NODE_1[0] ?? ''))}`);
}

async function labels(stack: Stack, network: Network, pairs: Pairs): Promise<void> {
  headline('Case 4: a label added and one removed');
  command(`kubectl label node node-2 ${LABEL}`);
  pairs.restartClock();
  await labelNode(stack, 'node-2', SELECTOR);
  await pairs.untilAttached([...ON_NODE_1, ...ON_NODE_2]);
  pairs.printStatus();
  await printEnis(stack, network);
  console.log();
  command('kubectl label node node-1 ng-');
  pairs.restartClock();
  await labelNode(stack, 'node-1', { ng: null });
  await pairs.untilAttached(ON_NODE_2);
  pairs.printStatus();
  await printEnis(stack, network);
}

async function removal(stack: Stack, pairs: Pairs): Promise<void> {
  headline('The end: both NodeENIs deleted');
  command(`kubectl delete nodeeni ${NAMES.a} ${NAMES.b}`);
  const nodeEnis = new NodeEnis(stack);
  pairs.restartClock();
  await Promise.all([nodeEnis.delete(NAMES.a), nodeEnis.delete(NAMES.b)]);
  await pairs.untilNone();
}
