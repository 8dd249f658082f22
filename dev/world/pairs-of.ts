import { seedNodes } from '../stack/nodes.js';
import type { World } from './world.js';

/**
 * Makes nodes and a NodeENI that selects them all; both have the name in them.
 *
 * @returns the names of the nodes
 */
export async function pairsOf(world: World, name: string, count: number): Promise<string[]> {
  const nodes = Array.from({ length: count }, (_, index) => `${name}-${index}`);
  await seedNodes(
    world.stack,
    world.vpc,
    nodes.map((node) => ({ name: node, labels: { [name]: 'yes' } })),
  );
  await world.objects.createNodeEni(name, {
    nodeSelector: { [name]: 'yes' },
    subnetID: world.subnet('a'),
    securityGroupIDs: [world.group('one')],
  });
  return nodes;
}
