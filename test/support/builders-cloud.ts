import type { ActivityDeps } from '../../src/activities/deps.js';
import type { Target } from '../../src/contract/activities.js';
import type { Attachment } from '../../src/domain/attachment.js';
import type { DesiredStatus } from '../../src/domain/attachment-status.js';
import type { InstanceFacts } from '../../src/domain/observation.js';
import { MemoryEc2 } from './builders-ec2.js';
import { attachment, INSTANCE } from './builders.js';

export { CloudFailure } from './builders-ec2.js';

/** The EC2 in memory and one Attachment, on one instance. */
export class Cloud extends MemoryEc2 {
  readonly statuses: DesiredStatus[] = [];
  attachment: Attachment | null = attachment();

  /** The pair's instance; null: EC2 does not know it. */
  get instance(): InstanceFacts | null {
    return this.instances.get(INSTANCE) ?? null;
  }

  set instance(instance: InstanceFacts | null) {
    if (instance === null) this.instances.delete(INSTANCE);
    else this.instances.set(INSTANCE, instance);
  }

  /** The pair that is looked after: the Attachment that was there when this was asked. */
  get target(): Target {
    const { name = '', uid = '', spec } = this.attachment ?? {};
    return {
      clusterName: this.clusterName,
      nodeEniName: spec?.nodeEni.name ?? '',
      nodeName: spec?.nodeName ?? '',
      name,
      uid,
    };
  }

  /** The dependencies of the real activities. */
  get deps(): ActivityDeps {
    return {
      clusterName: this.clusterName,
      ec2: { ...this.reads, ...this.writes },
      blockedRetryMaxMs: 2_000,
      attachments: {
        get: async (name) => (this.attachment?.name === name ? this.attachment : null),
        uidsOfNode: async () => (this.attachment === null ? [] : [this.attachment.uid]),
        writeStatus: async ({ uid }, status) => this.writeStatus(uid, status),
        noteTrouble: async ({ uid }, trouble) =>
          this.writeStatus(uid, {
            ...this.attachment?.status,
            phase: this.attachment?.status.phase ?? 'Pending',
            ...trouble,
          }),
        release: async ({ uid }) => {
          this.calls.push('release');
          if (this.attachment?.uid === uid && this.attachment.deleting) this.attachment = null;
        },
      },
    };
  }

  /** The names of the calls that changed EC2, in order. */
  get changes(): string[] {
    return this.calls.filter((call) => call !== 'release').map((call) => call.split(' ')[0] ?? '');
  }

  /** Edits the Attachment as the watcher would. */
  edit(spec: Partial<Attachment['spec']>): void {
    if (this.attachment === null) return;
    const { generation } = this.attachment;
    this.attachment = { ...this.attachment, generation: generation + 1, spec: { ...this.attachment.spec, ...spec } };
  }

  /** Marks the Attachment for deletion. */
  remove(): void {
    if (this.attachment !== null) this.attachment = { ...this.attachment, deleting: true };
  }

  private writeStatus(uid: string, status: DesiredStatus): void {
    if (this.attachment?.uid !== uid) return;
    if (JSON.stringify(this.attachment.status) === JSON.stringify(status)) return;
    this.statuses.push(status);
    this.attachment = { ...this.attachment, status };
  }
}
