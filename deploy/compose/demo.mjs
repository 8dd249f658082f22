// The story of `make demo`: two NodeENIs with two subnets give a node two ENIs; a label brings a second node in, and
// takes the first one out; in the end everything is deleted. It ends with 0 when all of that happened and nothing is
// left in EC2. Its nodes carry a label of their own, so that the seeded NodeENI leaves them alone.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  applyNodeEni,
  attachments,
  createNetwork,
  createNode,
  deleteNode,
  deleteNodeEni,
  enis,
  labelNode,
  nodeEnis,
} from './cluster.mjs';

const LABEL = { ng: 'demo' };
const NAMES = ['nodeeni-subnet-a', 'nodeeni-subnet-b'];
const NODES = ['demo-node-1', 'demo-node-2'];
const ZONE = 'us-east-1a';
const STEP_MS = 60_000;

const seen = new Set(); // ids of the ENIs that were attached
let begin = performance.now();

const network = await createNetwork([
  { zone: ZONE, cidr: '10.0.0.0/20', name: 'demo-a' },
  { zone: ZONE, cidr: '10.0.128.0/20', name: 'demo-b' },
]);
for (const name of NODES) await createNode({ name, zone: ZONE, labels: {} }, network.subnetIds[0], network.groupId);

headline('Case 2: two NodeENIs, two subnets, index 1 and 2 on one node');
await labelNode(NODES[0], LABEL);
for (const [index, name] of NAMES.entries()) {
  const securityGroupIDs = [network.groupId];
  const place = { subnetID: network.subnetIds[index], deviceIndex: index + 1 };
  await applyNodeEni(name, { nodeSelector: LABEL, securityGroupIDs, ...place });
}
await untilAttached([NODES[0]]);

headline('Case 4: a label added and one removed');
await labelNode(NODES[1], LABEL);
await untilAttached(NODES);
await labelNode(NODES[0], { ng: null });
await untilAttached([NODES[1]]);

headline('The end: both NodeENIs deleted');
for (const name of NAMES) await deleteNodeEni(name);
await until('the NodeENIs are gone', async () => (await nodeEnis(NAMES)).length === 0);
for (const name of NODES) await deleteNode(name);

const wanted = NODES.length * NAMES.length;
const left = await enis(NAMES);
const released = [...seen].filter((id) => left.every(({ NetworkInterfaceId: one }) => one !== id)).length;
console.log(`\ndemo: ${seen.size} of ${wanted} attached, ${released} of ${wanted} released, ${left.length} leaked`);
process.exit(seen.size === wanted && released === wanted && left.length === 0 ? 0 : 1);

function headline(text) {
  console.log(`\n${text}`);
  begin = performance.now();
}

/** Waits until exactly these nodes have an ENI of both NodeENIs, prints the ENIs, and remembers them. */
async function untilAttached(nodes) {
  await until(`both NodeENIs are attached to ${nodes.join(' and ')} alone`, async () => {
    const pairs = await attachments(NAMES);
    const attached = pairs.filter(({ status }) => status?.phase === 'Attached');
    const names = new Set(attached.map(({ spec }) => spec.nodeName));
    const complete = pairs.length === nodes.length * NAMES.length && attached.length === pairs.length;
    return complete && nodes.every((name) => names.has(name));
  });
  for (const { metadata, spec, status } of await attachments(NAMES)) {
    seen.add(status.eniID);
    console.log(`    ${metadata.name.padEnd(18)}  ${spec.nodeENI.name}  ${status.eniID}`);
  }
}

async function until(what, holds) {
  while (!(await holds())) {
    if (performance.now() - begin > STEP_MS) {
      console.error(`demo: not within ${STEP_MS / 1000} s: ${what}; docker compose logs controller tells more`);
      process.exit(1);
    }
    await sleep(200);
  }
  console.log(`  ${((performance.now() - begin) / 1000).toFixed(2).padStart(6)} s  ${what}`);
}
