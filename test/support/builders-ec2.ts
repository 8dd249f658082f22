import type { CreateIntent } from '../../src/domain/memory.js';
import type { EniFacts, InstanceFacts } from '../../src/domain/observation.js';
import type { Ec2Failure, Ec2FailureKind, Ec2Reads, Ec2Writes } from '../../src/domain/ports.js';
import type { Reason } from '../../src/domain/reasons.js';
import type { EniChanges } from '../../src/domain/step.js';
import { isOwnedBy, TAG_KEYS } from '../../src/domain/tags.js';
import { CLUSTER, eni, instance, observation } from './builders.js';

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

/** A call that changes EC2. */
export type Change = keyof Ec2Writes;

/**
 * A tiny EC2 in memory: enough of it that the real activities run over it. It shows every change at once; attachments of
 * ENIs become `attached` after the number of looks in `looksToAttach`. The instance of {@link instance} is there.
 */
export class MemoryEc2 {
  readonly enis = new Map<string, EniFacts>();
  /** By id, each with its interfaces that are no ENI here. */
  readonly instances = new Map<string, InstanceFacts>([instance()].map((one) => [one.instanceId, one]));
  readonly calls: string[] = [];
  readonly tokens = new Map<string, string>();
  readonly faults = new Map<Change, Fault[]>();
  /** Called before the effect of each change, with its ENI, or with the token of a create call. */
  onChange: (call: Change, target: string) => void = () => undefined;
  network = observation().network ?? { subnets: [], groups: [] };
  looksToAttach = 1;
  private serial = 0;
  private readonly looks = new Map<string, number>();

  constructor(readonly clusterName: string = CLUSTER) {}

  /** The ENIs that carry the pair's own tags. */
  ownedBy(uid: string): EniFacts[] {
    return [...this.enis.values()].filter((one) => isOwnedBy(one.tags, this.clusterName, uid));
  }

  /** Lets the next call of this name fail. */
  fail(call: Change, when: Fault['when'], failure: CloudFailure): void {
    this.faults.set(call, [...(this.faults.get(call) ?? []), { when, failure }]);
  }

  /** Changes an ENI behind the controller's back. */
  byHand(eniId: string, changes: Partial<EniFacts>): void {
    const one = this.enis.get(eniId);
    if (one !== undefined) this.enis.set(eniId, { ...one, ...changes });
  }

  /** Ends an instance as EC2 does: its ENIs go with it, or are free, as their deleteOnTermination says. */
  terminate(instanceId: string): void {
    this.instances.delete(instanceId);
    for (const { eniId, attachment } of this.enis.values()) {
      if (attachment?.instanceId !== instanceId) continue;
      if (attachment.deleteOnTermination) this.enis.delete(eniId);
      else this.byHand(eniId, { attachment: null });
    }
  }

  readonly reads: Ec2Reads = {
    enisOfNode: async (nodeName) => {
      const all = [...this.enis.values()].map((one) => this.look(one));
      return all.filter(({ tags }) => tags[TAG_KEYS.cluster] === this.clusterName && tags[TAG_KEYS.node] === nodeName);
    },
    eni: async (eniId) => {
      const one = this.enis.get(eniId);
      return one === undefined ? null : this.look(one);
    },
    instance: async (instanceId) => this.describeInstance(instanceId),
    subnets: async ({ ids }) => this.network.subnets.filter(({ subnetId }) => ids.includes(subnetId)),
    securityGroups: async () => this.network.groups,
  };

  readonly writes: Ec2Writes = {
    createEni: (intent, token) => this.change('createEni', token, () => this.create(intent, token)),
    attachEni: (eniId, instanceId, networkCardIndex, deviceIndex) =>
      this.change('attachEni', eniId, () => this.attach(eniId, { instanceId, networkCardIndex, deviceIndex })),
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

  private attach(eniId: string, where: Omit<InstanceFacts['slots'][number], 'eniId'> & { instanceId: string }): string {
    const holder = this.describeInstance(where.instanceId)?.slots.find(
      (slot) => slot.deviceIndex === where.deviceIndex && slot.networkCardIndex === where.networkCardIndex,
    );
    if (this.existing(eniId).attachment !== null || holder !== undefined) {
      throw new CloudFailure('refused', 'DeviceIndexInUse', true);
    }
    const attachmentId = `eni-attach-${(this.serial += 1)}`;
    this.byHand(eniId, { attachment: { ...where, attachmentId, status: 'attaching', deleteOnTermination: false } });
    return attachmentId;
  }

  private describeInstance(instanceId: string): InstanceFacts | null {
    const one = this.instances.get(instanceId);
    if (one === undefined) return null;
    const attached = [...this.enis.values()].filter((each) => each.attachment?.instanceId === instanceId);
    const ours = attached.map((each) => ({ ...each.attachment, eniId: each.eniId }) as InstanceFacts['slots'][number]);
    return { ...one, slots: [...one.slots, ...ours] };
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
}
