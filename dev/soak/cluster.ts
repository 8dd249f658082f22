import { ApiException } from '@kubernetes/client-node';

import { eventually } from '../stack/eventually.js';
import { seedNode, seedNodes } from '../stack/nodes.js';
import { World } from '../world/world.js';
import { plantForeign, type Foreign } from './foreign.js';
import {
  type Choices,
  firstSpec,
  labelsOf,
  nodeEniName,
  type WantedNode,
  type WantedNodeEni,
  type WantedPair,
  wantedPairs,
  type WantedSpec,
} from './wanted.js';

/** How large a run is, and where it runs. */
export interface ClusterOptions {
  readonly nodes: number;
  readonly nodeEnis: number;
  /** Default: `dist` when it is up to date. */
  readonly from?: 'src' | 'dist';
  /** The controller's environment, on top of the run's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder for databases and logs that is kept. Default: a temporary one. */
  readonly dir?: string;
}

/** The cluster's name in tags and workflow ids. */
export const CLUSTER_NAME = 'soak';

/** How EC2 behaves while no trouble is on: attaching takes its time, so that events meet pairs half-way. */
export const CALM_EC2 = { attach_s: 1, detach_s: 1, latency_ms: 5 } as const;

/** Short periods: what takes minutes in a real cluster has to be seen to heal here. */
const ENV = {
  MULTI_ENI_AUDIT_INTERVAL: '5s',
  MULTI_ENI_RESYNC_INTERVAL: '5s',
  MULTI_ENI_BLOCKED_RETRY_MAX: '3s',
  MULTI_ENI_LOG_LEVEL: 'info',
};

/** How long an action of the run itself is tried: a server may just be coming up. */
const ACTION_MS = 60_000;

/** The real parts, and what the run wants of them: the other side of every comparison. */
export class Cluster {
  readonly nodes: WantedNode[] = [];
  readonly nodeEnis: WantedNodeEni[] = [];
  readonly terminated = new Set<string>();
  /** Numbers of the NodeENIs that were deleted and are to be made again. */
  readonly #away = new Set<number>();
  #strangeGroup: Promise<string> | null = null;

  private constructor(
    readonly world: World,
    readonly choices: Choices,
    readonly foreign: Foreign,
  ) {}

  /** Starts everything and makes all pairs wanted; they need not be attached yet. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const { from, env, dir } = options;
    const world = await World.start({
      ...{ clusterName: CLUSTER_NAME, ec2: CALM_EC2, env: { ...ENV, ...env }, network: true },
      ...(from === undefined ? {} : { controller: { from } }),
      ...(dir === undefined ? {} : { dir }),
    });
    const numbers = Array.from({ length: options.nodeEnis }, (_, index) => index);
    const names = Array.from({ length: options.nodes }, (_, index) => `node-${index}`);
    const seeded = await seedNodes(
      world.stack,
      world.vpc,
      names.map((name) => ({ name, labels: labelsOf(numbers) })),
    );
    const subnetIds = [world.subnet('a'), await world.extraSubnet('a'), await world.extraSubnet('a')];
    const choices = { subnetIds, securityGroupIds: [world.group('one'), world.group('two')] };
    const foreign = await plantForeign(world, seeded[0]?.instanceId ?? '');
    const cluster = new Cluster(world, choices, foreign);
    cluster.nodes.push(...seeded.map(({ name, instanceId }) => ({ name, instanceId, labels: new Set(numbers) })));
    for (const index of numbers) {
      cluster.nodeEnis.push({ name: nodeEniName(index), spec: firstSpec(index, choices) });
      await cluster.createNodeEni(index);
    }
    return cluster;
  }

  /** The pairs that have to be there when everything has settled. */
  get wanted(): WantedPair[] {
    return wantedPairs(this.nodes, this.nodeEnis);
  }

  node(index: number): WantedNode {
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`there is no node ${index}`);
    return node;
  }

  nodeEni(index: number): WantedNodeEni {
    const nodeEni = this.nodeEnis[index];
    if (nodeEni === undefined) throw new Error(`there is no NodeENI ${index}`);
    return nodeEni;
  }

  /** Sets what a NodeENI is to be; one that is away gets it when it is made again. */
  async edit(index: number, part: Partial<WantedSpec>): Promise<void> {
    const { name, spec } = this.nodeEni(index);
    this.nodeEnis[index] = { name, spec: { ...spec, ...part } };
    // A merge patch would leave tags that the edit does not name.
    const tags = part.tags === undefined ? {} : { tags: { ...absent(spec.tags), ...part.tags } };
    await this.act(`edit ${name}`, () => this.world.objects.patchNodeEni(name, { spec: { ...part, ...tags } }));
  }

  /** Deletes a NodeENI; {@link remake} brings it back. */
  async deleteNodeEni(index: number): Promise<void> {
    this.#away.add(index);
    await this.act(`delete ${nodeEniName(index)}`, () => this.world.objects.deleteNodeEni(nodeEniName(index)));
  }

  /** Makes NodeENIs again that were deleted and are gone by now. Returns whether none is away. */
  async remake(): Promise<boolean> {
    for (const index of [...this.#away]) {
      const object = await this.act('look', () => this.world.objects.nodeEni(nodeEniName(index)));
      if (object !== null) continue;
      await this.createNodeEni(index);
      this.#away.delete(index);
    }
    return this.#away.size === 0;
  }

  /** Another instance under the node's name. */
  async reseed(index: number): Promise<void> {
    const { name, labels } = this.node(index);
    const { world } = this;
    const seeded = await this.act(`seed ${name}`, () =>
      seedNode(world.stack, world.vpc, { name, labels: labelsOf(labels) }),
    );
    if (seeded === null) throw new Error(`${name} could not be made`);
    this.nodes[index] = { name, labels, instanceId: seeded.instanceId };
  }

  /** A security group that no NodeENI wants. */
  async strangeGroup(): Promise<string> {
    this.#strangeGroup ??= this.world.extraGroup('strange');
    return this.#strangeGroup;
  }

  /** Does something to Kubernetes or EC2 until it works. What is not there needs nothing done: null. */
  async act<T>(what: string, action: () => Promise<T>): Promise<T | null> {
    const { done } = await eventually(
      what,
      async () => {
        try {
          return { done: await action() };
        } catch (error) {
          if (error instanceof ApiException && error.code === 404) return { done: null };
          throw error;
        }
      },
      { timeoutMs: ACTION_MS, intervalMs: 200 },
    );
    return done;
  }

  private async createNodeEni(index: number): Promise<void> {
    const { name, spec } = this.nodeEni(index);
    const more = { nodeSelector: labelsOf([index]), updateStrategy: { type: 'RollingUpdate', maxUnavailable: '25%' } };
    await this.act(`create ${name}`, async () => {
      try {
        await this.world.objects.createNodeEni(name, { ...spec, ...more });
      } catch (error) {
        // An earlier try worked, and its answer was lost.
        if (!(error instanceof ApiException && error.code === 409)) throw error;
      }
    });
  }
}

function absent(tags: Readonly<Record<string, string>>): Record<string, null> {
  return Object.fromEntries(Object.keys(tags).map((key) => [key, null]));
}
