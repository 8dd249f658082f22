import type { ActivityDeps } from '../../src/activities/deps.js';
import type { Target } from '../../src/contract/activities.js';
import type { Attachment } from '../../src/domain/attachment.js';
import type { DesiredStatus } from '../../src/domain/attachment-status.js';
import type { CreateIntent } from '../../src/domain/memory.js';
import type { EniFacts, InstanceFacts } from '../../src/domain/observation.js';
import type { Ec2Failure, Ec2FailureKind, Ec2Reads, Ec2Writes } from '../../src/domain/ports.js';
import type { Reason } from '../../src/domain/reasons.js';
import type { EniChanges } from '../../src/domain/step.js';
import { isOwnedBy, TAG_KEYS } from '../../src/domain/tags.js';
import { attachment, CLUSTER, eni, INSTANCE, instance, observation } from './builders.js';

/** A refusal of the EC2 in memory. */
export class CloudFailure extends Error implements Ec2Failure {
  readonly code: string;
  readonly retryAfterMs = undefined;

  constructor(
    readonly kind: Ec2FailureKind,
    readonly reason: Reason,
    readonly definite: boolean,
  ) {
    super(`${kind}: ${reason}`);
    this.code = reason;
  }
}

/** How the next call that changes something fails: before its effect, or after it so that only the answer is lost. */
export interface Fault {
  readonly when: 'before' | 'after';
  readonly failure: CloudFailure;
}

type Change = keyof Ec2Writes;

/**
 * A tiny EC2 and one Attachment, in memory: enough of both that the real activities run over it. Attachments of ENIs
 * become `attached` after the number of looks in `looksToAttach`.
 */
export class Cloud {
  readonly enis = new Map<string, EniFacts>();
  readonly calls: string[] = [];
  readonly tokens = new Map<string, string>();
  readonly faults = new Map<Change, Fault[]>();
  readonly statuses: DesiredStatus[] = [];
  /** Called before the effect of each change. */
  onChange: (call: Change, target: string) => void = () => undefined;
  attachment: Attachment | null = attachment();
  instance: InstanceFacts | null = instance();
  network = observation().network ?? { subnets: [], groups: [] };
  looksToAttach = 1;
  private serial = 0;
  private readonly looks = new Map<string, number>();

  constructor(readonly clusterName: string = CLUSTER) {}

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

  /** The ENIs that carry the pair's own tags. */
  ownedBy(uid: string): EniFacts[] {
    return [...this.enis.values()].filter((one) => isOwnedBy(one.tags, this.clusterName, uid));
  }

  /** Lets the next call of this name fail. */
  fail(call: Change, when: Fault['when'], failure: CloudFailure): void {
    this.faults.set(call, [...(this.faults.get(call) ?? []), { when, failure }]);
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

  /** Changes an ENI behind the controller's back. */
  byHand(eniId: string, changes: Partial<EniFacts>): void {
    const one = this.enis.get(eniId);
    if (one !== undefined) this.enis.set(eniId, { ...one, ...changes });
  }

  private readonly reads: Ec2Reads = {
    enisOfNode: async (nodeName) => {
      const all = [...this.enis.values()].map((one) => this.look(one));
      return all.filter(({ tags }) => tags[TAG_KEYS.cluster] === this.clusterName && tags[TAG_KEYS.node] === nodeName);
    },
    eni: async (eniId) => {
      const one = this.enis.get(eniId);
      return one === undefined ? null : this.look(one);
    },
    instance: async () => {
      if (this.instance === null) return null;
      const attached = [...this.enis.values()].filter((one) => one.attachment?.instanceId === INSTANCE);
      const ours = attached.map((one) => ({ ...one.attachment, eniId: one.eniId }) as InstanceFacts['slots'][number]);
      return { ...this.instance, slots: [...this.instance.slots, ...ours] };
    },
    subnets: async () => this.network.subnets,
    securityGroups: async () => this.network.groups,
  };

  private readonly writes: Ec2Writes = {
    createEni: (intent, token) => this.change('createEni', token, () => this.create(intent, token)),
    attachEni: (eniId, instanceId, networkCardIndex, deviceIndex) =>
      this.change('attachEni', eniId, () => {
        const one = this.existing(eniId);
        if (one.attachment !== null) throw new CloudFailure('refused', 'DeviceIndexInUse', true);
        const attachmentId = `eni-attach-${(this.serial += 1)}`;
        const where = { attachmentId, instanceId, networkCardIndex, deviceIndex };
        this.byHand(eniId, { attachment: { ...where, status: 'attaching', deleteOnTermination: false } });
        return attachmentId;
      }),
    configureEni: (eniId, _, changes) => this.change('configureEni', eniId, () => this.configure(eniId, changes)),
    detachEni: (attachmentId) => {
      const one = [...this.enis.values()].find((each) => each.attachment?.attachmentId === attachmentId);
      return this.change('detachEni', one?.eniId ?? '', () => {
        if (one === undefined) throw new CloudFailure('gone', 'NotVisibleYet', true);
        this.byHand(one.eniId, { attachment: null });
        this.looks.delete(one.eniId);
      });
    },
    deleteEni: (eniId) =>
      this.change('deleteEni', eniId, () => {
        if (this.existing(eniId).attachment !== null) throw new CloudFailure('waiting', 'NotVisibleYet', true);
        this.enis.delete(eniId);
      }),
  };

  private async change<T>(call: Change, target: string, effect: () => T): Promise<T> {
    this.calls.push(`${call} ${target}`);
    const fault = this.faults.get(call)?.shift();
    if (fault?.when === 'before') throw fault.failure;
    this.onChange(call, target);
    const result = effect();
    if (fault?.when === 'after') throw fault.failure;
    return result;
  }

  private create(intent: CreateIntent, token: string): EniFacts {
    const known = this.enis.get(this.tokens.get(token) ?? '');
    if (known !== undefined) return known;
    const eniId = `eni-${(this.serial += 1)}`;
    const { subnetId, securityGroupIds, description, tags } = intent;
    const made = eni({ eniId, subnetId, securityGroupIds, description, tags });
    this.tokens.set(token, eniId);
    this.enis.set(eniId, made);
    return made;
  }

  private configure(eniId: string, changes: EniChanges): void {
    const { deleteOnTermination, tags, ...rest } = changes;
    const one = this.existing(eniId);
    const where = one.attachment;
    this.byHand(eniId, {
      ...rest,
      tags: { ...one.tags, ...tags },
      attachment: where === null || deleteOnTermination === undefined ? where : { ...where, deleteOnTermination },
    });
  }

  private existing(eniId: string): EniFacts {
    const one = this.enis.get(eniId);
    if (one === undefined) throw new CloudFailure('gone', 'NotVisibleYet', true);
    return one;
  }

  private look(one: EniFacts): EniFacts {
    if (one.attachment?.status !== 'attaching') return one;
    const looks = (this.looks.get(one.eniId) ?? 0) + 1;
    this.looks.set(one.eniId, looks);
    if (looks <= this.looksToAttach) return one;
    this.byHand(one.eniId, { attachment: { ...one.attachment, status: 'attached' } });
    return this.existing(one.eniId);
  }

  private writeStatus(uid: string, status: DesiredStatus): void {
    if (this.attachment?.uid !== uid) return;
    if (JSON.stringify(this.attachment.status) === JSON.stringify(status)) return;
    this.statuses.push(status);
    this.attachment = { ...this.attachment, status };
  }
}
