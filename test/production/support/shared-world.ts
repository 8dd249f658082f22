import { addNode } from '../../../dev/production/install.js';
import { ProductionWorld } from '../../../dev/production/world.js';

let shared: Promise<ProductionWorld> | null = null;
const bins = new Map<string, Promise<string>>();

/** The world of this process's tests, without a controller; the first that asks starts it, and it ends after the last. */
export async function sharedWorld(): Promise<ProductionWorld> {
  shared ??= ProductionWorld.start();
  return await shared;
}

/** The folder that holds Node.js in that version, beside the install; brought where it is not there. */
export async function nodeBin(version: string): Promise<string> {
  const { install } = await sharedWorld();
  const bin = bins.get(version) ?? addNode(install, version);
  bins.set(version, bin);
  return await bin;
}

after('take the world down', async () => {
  await (await shared)?.stop();
});
