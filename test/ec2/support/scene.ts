import assert from 'node:assert/strict';
import { eventually } from '../../../dev/stack/eventually.js';
import { type NodeSpec, seedNodes, type SeededNode } from '../../../dev/stack/nodes.js';
import type { Ec2Call } from '../../../dev/stack/ec2-types.js';
import type { AttachmentObject } from '../../../dev/world/objects.js';
import type { World } from '../../../dev/world/world.js';

/** Longest that anything here may take on a busy machine. */
const DEADLINE_MS = 45_000;

const NODE_ENI_TAG = 'networking.k8s.aws/nodeeni';

/** What a {@link Scene} is made of. */
export interface SceneOptions {
  /** How many nodes, named `<scene>-1` and so on. Default 1. */
  readonly nodes?: number;
  /** On top of name and label. */
  readonly node?: Omit<NodeSpec, 'name' | 'labels'>;
  /** On top of the defaults: subnet of zone a, group one, device index 1. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** What a user reads of a pair that does not go on. */
export interface Complaint {
  readonly phase: string | undefined;
  readonly message: string;
  /** The message of the NodeENI's condition Ready, which has the same reason. */
  readonly ready: string;
}

/** A NodeENI and nodes of its own, named alike, and words to say what became of them. */
export class Scene {
  private constructor(
    private readonly world: World,
    readonly name: string,
    readonly nodes: readonly SeededNode[],
    private readonly spec: Readonly<Record<string, unknown>>,
    /** The number of the last call before the scene. */
    readonly since: number,
  ) {}

  /** Makes the nodes; the NodeENI follows with {@link begin}. */
  static async prepare(world: World, name: string, options: SceneOptions = {}): Promise<Scene> {
    const names = Array.from({ length: options.nodes ?? 1 }, (_, index) => `${name}-${index + 1}`);
    const specs = names.map((node) => ({ ...options.node, name: node, labels: { [name]: 'yes' } }));
    const nodes = await seedNodes(world.stack, world.vpc, specs);
    const spec = {
      nodeSelector: { [name]: 'yes' },
      subnetID: world.subnet('a'),
      securityGroupIDs: [world.group('one')],
      deviceIndex: 1,
      ...options.spec,
    };
    const { lastSeq } = await world.stack.ec2.control.counts();
    return new Scene(world, name, nodes, spec, lastSeq);
  }

  /** Makes nodes and NodeENI. */
  static async start(world: World, name: string, options: SceneOptions = {}): Promise<Scene> {
    const scene = await Scene.prepare(world, name, options);
    await scene.begin();
    return scene;
  }

  /** The first node. */
  get node(): SeededNode {
    const [node] = this.nodes;
    assert.ok(node, 'the scene has a node');
    return node;
  }

  /** Makes the NodeENI. */
  async begin(): Promise<void> {
    await this.world.objects.createNodeEni(this.name, this.spec);
  }

  /** Waits until every node has its ENI. */
  async untilAttached(timeoutMs = DEADLINE_MS): Promise<void> {
    const names = this.nodes.map(({ name }) => name);
    await this.world.pairs.untilAttached(this.name, names, timeoutMs);
  }

  /** Waits until all pairs and the NodeENI's condition Ready give the reason; what the first of them says. */
  async untilReason(reason: string, timeoutMs = DEADLINE_MS): Promise<Complaint> {
    return this.until(`${this.name} says ${reason}`, timeoutMs, async () => {
      const [attachments, ready] = await Promise.all([this.attachments(), this.ready()]);
      const [first] = attachments;
      const told = attachments.map(({ status }) => `${status?.phase ?? 'none'} ${status?.reason ?? 'no reason'}`);
      assert.deepEqual(new Set(attachments.map(({ status }) => status?.reason)), new Set([reason]), told.join('; '));
      assert.equal(ready.reason, reason, `Ready: ${ready.reason} ${ready.message}`);
      return { phase: first?.status?.phase, message: String(first?.status?.['message']), ready: ready.message };
    });
  }

  /** The same for pairs on their way out, of which the condition only says how many are left. */
  async untilRefused(reason: string, phase: 'Detaching' | 'Deleting'): Promise<string> {
    return this.until(`${this.name} is ${phase} and says ${reason}`, DEADLINE_MS, async () => {
      const [attachment] = await this.attachments();
      const { status } = attachment ?? {};
      assert.equal(`${status?.phase ?? 'none'} ${status?.reason ?? 'no reason'}`, `${phase} ${reason}`);
      return String(status?.['message']);
    });
  }

  /** Waits until all pairs are in the phase. */
  async untilPhase(phase: string): Promise<void> {
    await this.until(`${this.name} is ${phase}`, DEADLINE_MS, async () => {
      const phases = (await this.attachments()).map(({ status }) => status?.phase);
      assert.deepEqual(new Set(phases), new Set([phase]));
      return true;
    });
  }

  /** Waits for a condition of this scene. */
  async until<T>(
    what: string,
    timeoutMs: number,
    check: () => Promise<T>,
  ): Promise<Exclude<T, false | null | undefined>> {
    return eventually(what, check, { timeoutMs, intervalMs: 100 });
  }

  /** The Attachments of this NodeENI. */
  async attachments(): Promise<AttachmentObject[]> {
    return this.world.objects.attachments(this.name);
  }

  /** A condition of the NodeENI; by default Ready. */
  async ready(type = 'Ready'): Promise<{ status: string; reason: string; message: string }> {
    const object = await this.world.objects.nodeEni(this.name);
    const found = object?.status?.conditions.find((condition) => condition.type === type);
    return found ?? { status: 'none', reason: 'none', message: '' };
  }

  /** The calls of an action since the scene began that concern it; of detaches, which name no ENI, all. */
  async calls(action: string, since = this.since): Promise<readonly Ec2Call[]> {
    const made = new Set<unknown>(await this.made());
    const calls = await this.world.stack.ec2.control.log({ since, action });
    return calls.filter(({ params }) => {
      if (action === 'CreateNetworkInterface') return tagsOf(params)[NODE_ENI_TAG] === this.name;
      return params['NetworkInterfaceId'] === undefined || made.has(params['NetworkInterfaceId']);
    });
  }

  /** Ids of all ENIs that were ever made for it. */
  async made(): Promise<readonly string[]> {
    const { createdEniIds } = await this.world.stack.ec2.control.journal({ tag: `${NODE_ENI_TAG}=${this.name}` });
    return createdEniIds;
  }

  /** Deletes the NodeENI, and waits until it is gone; nothing may be left in EC2 then. */
  async remove(timeoutMs = DEADLINE_MS): Promise<void> {
    await this.world.objects.deleteNodeEni(this.name);
    await this.untilNothingIsLeft(timeoutMs);
  }

  /** Waits until the NodeENI is gone; nothing may be left in EC2 then. */
  async untilNothingIsLeft(timeoutMs = DEADLINE_MS): Promise<void> {
    await this.world.pairs.untilGone(this.name, timeoutMs);
    assert.deepEqual(await this.world.pairs.enis(this.name), [], `ENIs of ${this.name} that are left`);
  }
}

function tagsOf(params: Ec2Call['params']): Readonly<Record<string, unknown>> {
  const { tags } = params;
  return typeof tags === 'object' && tags !== null ? (tags as Record<string, unknown>) : {};
}
