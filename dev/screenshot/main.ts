/**
 * Writes the pictures in docs/images: the Temporal Web UI with workflows of ours, in headless Chromium.
 *
 *   node --import tsx dev/screenshot/main.ts
 */
import { join } from 'node:path';

import { REPO } from '../bootstrap/paths.js';
import { seedNodes } from '../stack/nodes.js';
import { World } from '../world/world.js';
import { Browser } from './browser.js';
import type { WebPage } from './web-page.js';

const IMAGES = join(REPO, 'docs/images');
const CLUSTER = 'dev';
const NODES = ['node-1', 'node-2', 'node-3'];

async function run(): Promise<void> {
  const browser = await Browser.start();
  try {
    const world = await World.start({ clusterName: CLUSTER, ec2: { latency_ms: 80, attach_s: 1 } });
    try {
      await attach(world);
      await attached(world, browser);
      await blocked(world, browser);
    } finally {
      await world.stop();
    }
  } finally {
    await browser.stop();
  }
}

/** Two NodeENIs on three nodes. */
async function attach(world: World): Promise<void> {
  const labels = { ng: 'multi-eni' };
  const nodes = NODES.map((name) => ({ name, labels }));
  await seedNodes(world.stack, world.vpc, nodes);
  for (const [index, name] of ['nodeeni-subnet-a', 'nodeeni-subnet-b'].entries()) {
    await nodeEni(world, name, world.subnet('a'), index + 1);
  }
  for (const name of ['nodeeni-subnet-a', 'nodeeni-subnet-b']) await world.pairs.untilAttached(name, NODES);
}

async function nodeEni(world: World, name: string, subnetID: string, deviceIndex: number): Promise<void> {
  const securityGroupIDs = [world.group('one')];
  await world.objects.createNodeEni(name, {
    nodeSelector: { ng: 'multi-eni' },
    subnetID,
    securityGroupIDs,
    deviceIndex,
  });
}

async function attached(world: World, browser: Browser): Promise<void> {
  const id = `eni:${CLUSTER}:nodeeni-subnet-a:node-1`;
  const list = await browser.open(workflows(world), 620);
  await list.untilText(id, '1–6');
  await save(list, 'workflows.png');

  const one = await browser.open(workflows(world));
  await one.follow(id);
  await one.untilText('verifyEni', 'is attached');
  await save(one, 'workflow.png');
}

/** The subnet of another NodeENI is in the wrong zone. */
async function blocked(world: World, browser: Browser): Promise<void> {
  await nodeEni(world, 'nodeeni-elsewhere', world.subnet('b'), 3);
  const page = await browser.open(workflows(world, 'NodeEniPhase = "Blocked"'));
  await page.follow(`eni:${CLUSTER}:nodeeni-elsewhere:node-1`);
  await page.follow('User Metadata');
  await page.untilText('ZoneMismatch', 'What to do');
  await save(page, 'blocked.png');
}

function workflows({ stack: { temporal } }: World, query = ''): string {
  const list = `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows`;
  return query === '' ? list : `${list}?query=${encodeURIComponent(query)}`;
}

async function save(page: WebPage, file: string): Promise<void> {
  await page.picture(join(IMAGES, file));
  await page.close();
  console.log(`docs/images/${file}`);
}

await run().catch((error: unknown) => {
  console.error(`screenshot: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
process.exit(); // a wait for what has ended meanwhile may still be polling
