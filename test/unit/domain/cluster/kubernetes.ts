import type { Attachment, AttachmentSpec } from '../../../../src/domain/attachment.js';
import type { DesiredStatus } from '../../../../src/domain/attachment-status.js';
import type { ClusterNode } from '../../../../src/domain/node.js';
import type { NodeEni, NodeEniSpec } from '../../../../src/domain/node-eni.js';
import type { NodeEniStatus } from '../../../../src/domain/node-eni-status.js';
import { pairKey } from '../../../../src/domain/pairing/desired.js';
import type { AttachmentStore } from '../../../../src/domain/ports.js';
import type { KubernetesWrites } from '../../../../src/watcher/ports.js';
import { stored } from '../../../support/builders-plan.js';
import type { Clock } from '../pair-driver.js';

type Ref = Pick<Attachment, 'name' | 'uid'>;

/** An API server in memory, with finalizers, generations and unique names; all that reads it sees every write at once. */
export class MemoryKubernetes implements KubernetesWrites {
  readonly nodes = new Map<string, ClusterNode>();
  readonly nodeEnis = new Map<string, NodeEni>();
  readonly attachments = new Map<string, Attachment>();
  /** By the NodeENI's UID. */
  readonly statuses = new Map<string, NodeEniStatus>();
  /** The controller's writes that changed something, or were refused. */
  readonly writes: string[] = [];
  /** UIDs of what somebody has taken the finalizer off. */
  readonly takenOff = new Set<string>();
  /** When the last Attachment of a NodeENI and a node was made, by their UIDs. */
  readonly madeAt = new Map<string, number>();
  private serial = 0;

  constructor(private readonly clock: Clock) {}

  /** A UID that no object has had. */
  uid(prefix: string): string {
    return `${prefix}-${(this.serial += 1)}`;
  }

  /** The time as the API server writes it: whole seconds. */
  get timestamp(): string {
    return new Date(Math.floor(this.clock.now / 1000) * 1000).toISOString();
  }

  /** The Attachments of a node. */
  ofNode(nodeName: string): Attachment[] {
    return [...this.attachments.values()].filter(({ spec }) => spec.nodeName === nodeName);
  }

  /** The user's edit of a NodeENI. */
  edit(nodeEni: NodeEni, spec: Partial<NodeEniSpec>): void {
    const generation = nodeEni.generation + 1;
    this.nodeEnis.set(nodeEni.name, { ...nodeEni, generation, spec: { ...nodeEni.spec, ...spec } });
  }

  /** The user's deletion of a NodeENI. */
  deleteNodeEni(nodeEni: NodeEni): void {
    if (nodeEni.hasFinalizer) this.nodeEnis.set(nodeEni.name, { ...nodeEni, deleting: true });
    else this.nodeEnis.delete(nodeEni.name);
  }

  async createAttachment(spec: AttachmentSpec): Promise<Attachment | null> {
    const made = stored(spec, { uid: this.uid('attachment'), createdAt: this.timestamp });
    this.writes.push(`create ${made.name}`);
    if (this.attachments.has(made.name)) return null;
    this.attachments.set(made.name, made);
    this.madeAt.set(pairKey(spec.nodeEni.uid, spec.nodeUid), this.clock.now);
    return made;
  }

  /** What says which ENI it is cannot be changed. */
  async updateAttachment(ref: Ref, spec: AttachmentSpec): Promise<void> {
    const live = this.live(ref);
    if (live === null) return;
    const { nodeEni, nodeName, nodeUid, instanceId, deviceIndex, networkCardIndex } = live.spec;
    const kept = { nodeEni, nodeName, nodeUid, instanceId, deviceIndex, networkCardIndex };
    this.put({ ...live, generation: live.generation + 1, spec: { ...spec, ...kept } }, 'update');
  }

  async removeAttachment(ref: Ref): Promise<void> {
    const live = this.live(ref);
    if (live !== null) this.put({ ...live, generation: live.generation + 1, deleting: true }, 'remove');
  }

  async countAttachments(nodeEniUid: string): Promise<number> {
    return [...this.attachments.values()].filter(({ spec }) => spec.nodeEni.uid === nodeEniUid).length;
  }

  async addFinalizer({ name }: NodeEni): Promise<void> {
    const live = this.nodeEnis.get(name);
    this.writes.push(`add finalizer ${name}`);
    if (live?.deleting === false) this.nodeEnis.set(name, { ...live, hasFinalizer: true });
  }

  async removeFinalizer({ name }: NodeEni): Promise<void> {
    this.writes.push(`remove finalizer ${name}`);
    this.nodeEnis.delete(name);
  }

  async writeNodeEniStatus({ name, uid }: NodeEni, status: NodeEniStatus): Promise<void> {
    if (JSON.stringify(this.statuses.get(uid)) === JSON.stringify(status)) return;
    this.writes.push(`status of NodeENI ${name}`);
    this.statuses.set(uid, status);
  }

  /** What the activities see of it. */
  readonly store: AttachmentStore = {
    get: async (name) => this.attachments.get(name) ?? null,
    uidsOfNode: async (nodeName) => this.ofNode(nodeName).map(({ uid }) => uid),
    writeStatus: async (ref, status) => this.writeStatus(ref, status),
    noteTrouble: async () => undefined,
    release: async (ref) => {
      const live = this.live(ref);
      if (live === null) return;
      this.put({ ...live, hasFinalizer: false, released: true }, 'release');
      if (live.deleting) this.attachments.delete(live.name);
    },
  };

  private writeStatus(ref: Ref, status: DesiredStatus): void {
    const live = this.live(ref);
    if (live === null) return;
    const { lastUpdated: _, ...current } = live.status;
    if (JSON.stringify(current) === JSON.stringify(status)) return;
    this.put({ ...live, status: { ...status, lastUpdated: this.timestamp } }, `status ${status.phase} of`);
  }

  private live({ name, uid }: Ref): Attachment | null {
    const live = this.attachments.get(name);
    return live?.uid === uid ? live : null;
  }

  private put(attachment: Attachment, write: string): void {
    this.writes.push(`${write} ${attachment.name}`);
    this.attachments.set(attachment.name, attachment);
  }
}
