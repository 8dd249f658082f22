import { eventually } from '../../../dev/stack/eventually.js';
import { seedNodes } from '../../../dev/stack/nodes.js';
import type { World } from '../../../dev/world/world.js';
import { plugin, type Run } from './run.js';
import { sharedWorld } from './shared-world.js';

/** Where the tests say that the Web UI is. */
export const UI = 'http://ui.example';

/**
 * A cluster of which the plugin has something to tell: `NAME-1` has an ENI of NodeENI NAME, `NAME-b` cannot have one since
 * its zone is another, `NAME-idle` is not selected, and NodeENI `NAME-late` wants the slot of `NAME-1` too.
 */
export interface Scene {
  readonly world: World;
  /** The spec of NodeENI NAME. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Runs the plugin in the environment of the stack. */
  plugin(args: readonly string[], options?: { env?: Readonly<Record<string, string>>; input?: string }): Promise<Run>;
}

/** Makes the scene with names that begin so, and waits until all has come to rest. */
export async function scene(name: string): Promise<Scene> {
  const world = await sharedWorld();
  const labels = { scene: name };
  await seedNodes(world.stack, world.vpc, [
    { name: `${name}-1`, labels },
    { name: `${name}-b`, labels, zone: 'us-east-1b' },
    { name: `${name}-idle` },
  ]);
  const spec = { nodeSelector: labels, subnetID: world.subnet('a'), securityGroupIDs: [world.group('one')] };
  await world.objects.createNodeEni(name, spec);
  const settled = async (): Promise<boolean> => {
    const phases = (await world.objects.attachments(name)).map(({ status }) => status?.phase);
    return phases.toSorted().join() === 'Attached,Blocked';
  };
  await eventually(`the pairs of ${name} come to rest`, settled, { timeoutMs: 60_000 });
  await world.objects.createNodeEni(`${name}-late`, {
    ...spec,
    nodeSelector: { 'kubernetes.io/hostname': `${name}-1` },
  });
  return {
    world,
    spec,
    plugin: async (args, { env = {}, input = '' } = {}) => {
      return plugin(args, { ...world.stack.env(), MULTI_ENI_UI_URL: UI, ...env }, input);
    },
  };
}

/** A NodeENI as a file has it. */
export function manifest(name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'NodeENI', metadata: { name }, spec });
}
