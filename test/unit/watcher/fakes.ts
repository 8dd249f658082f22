import type { Target } from '../../../src/contract/activities.js';
import type { Attachment, AttachmentSpec } from '../../../src/domain/attachment.js';
import type { NodeEniStatus } from '../../../src/domain/node-eni-status.js';
import type { NodeEni } from '../../../src/domain/node-eni.js';
import type { KubernetesWrites, Log, PairWorkflows } from '../../../src/watcher/ports.js';
import { stored } from '../../support/builders-plan.js';

/** A logger that says nothing. */
export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Pair workflows that remember who woke them. */
export class FakeWorkflows implements PairWorkflows {
  readonly woken: { target: Target; instanceId: string }[] = [];
  readonly ids = new Set<string>();
  readonly lookedAgain: string[] = [];
  failing = false;

  async wake(target: Target, instanceId: string): Promise<void> {
    if (this.failing) throw new Error('Temporal is away');
    this.woken.push({ target, instanceId });
  }

  async lookAgain(workflowId: string): Promise<void> {
    if (this.failing) throw new Error('Temporal is away');
    this.lookedAgain.push(workflowId);
  }

  async running(): Promise<ReadonlySet<string>> {
    return this.ids;
  }
}

/** An API server with Attachments and finalizers, and a log of the writes in the order in which they arrived. */
export class FakeKubernetes implements KubernetesWrites {
  readonly attachments = new Map<string, Attachment>();
  readonly writes: string[] = [];
  readonly statuses: { name: string; status: NodeEniStatus }[] = [];
  /** Names of writes that fail. */
  readonly failing = new Set<string>();
  /** Awaited by every status write before it has its effect. */
  gate: Promise<void> = Promise.resolve();

  async createAttachment(spec: AttachmentSpec): Promise<Attachment | null> {
    const made = stored(spec);
    this.note('create', made.name);
    if (this.attachments.has(made.name)) return null;
    this.attachments.set(made.name, made);
    return made;
  }

  async updateAttachment(attachment: Attachment, spec: AttachmentSpec): Promise<void> {
    this.note('update', attachment.name);
    this.attachments.set(attachment.name, { ...attachment, generation: attachment.generation + 1, spec });
  }

  async removeAttachment({ name }: Attachment): Promise<void> {
    this.note('remove', name);
    this.attachments.delete(name);
  }

  async countAttachments(nodeEniUid: string): Promise<number> {
    return [...this.attachments.values()].filter(({ spec }) => spec.nodeEni.uid === nodeEniUid).length;
  }

  async addFinalizer({ name }: NodeEni): Promise<void> {
    this.note('addFinalizer', name);
  }

  async removeFinalizer({ name }: NodeEni): Promise<void> {
    this.note('removeFinalizer', name);
  }

  async writeNodeEniStatus({ name }: NodeEni, status: NodeEniStatus): Promise<void> {
    await this.gate;
    this.note('status', name);
    this.statuses.push({ name, status });
  }

  private note(write: string, name: string): void {
    this.writes.push(`${write} ${name}`);
    if (this.failing.has(write)) throw new Error(`${write} failed`);
  }
}
