import type { Attachment } from '../../domain/attachment.js';
import { EMPTY_MEMORY } from '../../domain/memory.js';
import type { InstanceFacts, NetworkFacts, Observation } from '../../domain/observation.js';
import type { DesiredPair } from '../../domain/pairing/desired.js';
import { resolvedGroups } from '../../domain/plan/changes.js';
import { planCreate } from '../../domain/plan/create.js';
import type { Reason } from '../../domain/reasons.js';
import type { Prediction } from './predict.js';

/** What EC2 says to a pair's new ENI. */
export interface Check {
  /** `waits`: it will work by itself later. */
  readonly verdict: 'ok' | 'waits' | 'blocked';
  /** Where the ENI will be; null when none is made. */
  readonly subnetId: string | null;
  readonly reason: Reason | null;
  readonly message: string;
}

/** What was read of EC2 for the predictions. */
export interface Ec2Picture {
  readonly clusterName: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By instance id; null: EC2 does not know it. */
  readonly instances: ReadonlyMap<string, InstanceFacts | null>;
  /** Of the predictions that make or change an ENI. */
  readonly networks: ReadonlyMap<Prediction, NetworkFacts>;
}

/**
 * Checks the predictions by the rules of the controller before it makes an ENI. They are taken one after another, so that
 * those that share an instance or a subnet do not count its last place twice; what is removed or replaced frees its own.
 */
export function check(predictions: readonly Prediction[], picture: Ec2Picture): Map<Prediction, Check> {
  const taken = new Places(predictions);
  const checks = new Map<Prediction, Check>();
  for (const prediction of predictions) {
    const { action, desired, attachment } = prediction;
    const network = picture.networks.get(prediction);
    if (desired === null || network === undefined) continue;
    const observed = observation(picture, desired, taken.network(network), taken.instance(picture, desired));
    const keepsEni = action === 'change' && attachment?.status.eniId !== undefined;
    const result = keepsEni ? checkGroups(observed, desired) : checkCreate(observed, desired);
    if (result.subnetId !== null) taken.take(desired, result.subnetId);
    checks.set(prediction, result);
  }
  return checks;
}

function checkGroups(observed: Observation, desired: DesiredPair): Check {
  const { block } = resolvedGroups(observed, draft(desired));
  const { reason = null, message = '' } = block ?? {};
  return { verdict: block === null ? 'ok' : 'blocked', subnetId: null, reason, message };
}

function checkCreate(observed: Observation, desired: DesiredPair): Check {
  const step = planCreate(observed, draft(desired), EMPTY_MEMORY);
  switch (step.type) {
    case 'create':
      return { verdict: 'ok', subnetId: step.intent.subnetId, reason: null, message: '' };
    case 'block':
      return { verdict: 'blocked', subnetId: null, reason: step.reason, message: step.message };
    case 'awaitInstance':
      return { verdict: 'waits', subnetId: null, reason: step.reason, message: `instance ${step.instanceId}` };
    case 'adopt':
    case 'attach':
    case 'configure':
    case 'verify':
    case 'detach':
    case 'delete':
    case 'release':
    case 'done':
    case 'idle':
      throw new Error(`the plan of a new ENI cannot begin with ${step.type}`);
  }
}

/** The places in subnets and on instances that are given away, or back, by what comes before. */
class Places {
  readonly #leaving: ReadonlySet<string | undefined>;
  readonly #slots = new Map<string, InstanceFacts['slots'][number][]>();
  readonly #addresses = new Map<string, number>();

  constructor(predictions: readonly Prediction[]) {
    const leaving = predictions.filter(({ action }) => action === 'remove' || action === 'replace');
    this.#leaving = new Set(leaving.map(({ attachment }) => attachment?.status.eniId));
    for (const { attachment } of leaving) {
      const { eniId, subnetId } = attachment?.status ?? {};
      if (eniId !== undefined && subnetId !== undefined) this.#count(subnetId, 1);
    }
  }

  take({ spec }: DesiredPair, subnetId: string): void {
    const { deviceIndex, networkCardIndex, instanceId } = spec;
    const slot = { eniId: 'a planned ENI', deviceIndex, networkCardIndex };
    this.#slots.set(instanceId, [...(this.#slots.get(instanceId) ?? []), slot]);
    this.#count(subnetId, -1);
  }

  instance({ instances }: Ec2Picture, { spec }: DesiredPair): InstanceFacts | null {
    const instance = instances.get(spec.instanceId);
    if (instance === undefined || instance === null) return null;
    const staying = instance.slots.filter(({ eniId }) => !this.#leaving.has(eniId));
    return { ...instance, slots: [...staying, ...(this.#slots.get(spec.instanceId) ?? [])] };
  }

  network({ subnets, groups }: NetworkFacts): NetworkFacts {
    const left = subnets.map((subnet) => {
      return { ...subnet, freeAddresses: subnet.freeAddresses + (this.#addresses.get(subnet.subnetId) ?? 0) };
    });
    return { subnets: left, groups };
  }

  #count(subnetId: string, by: number): void {
    this.#addresses.set(subnetId, (this.#addresses.get(subnetId) ?? 0) + by);
  }
}

function observation(
  { clusterName, at }: Ec2Picture,
  desired: DesiredPair,
  network: NetworkFacts,
  instance: InstanceFacts | null,
): Observation {
  const nothing = { owned: [], adoptable: [], untagged: null };
  return { at, clusterName, attachment: draft(desired), ...nothing, instance, network, blockedRetryMaxMs: 0 };
}

/** The Attachment as the watcher would make it. */
function draft({ name, spec }: DesiredPair): Attachment {
  const meta = { uid: 'planned', generation: 1, createdAt: '', deleting: false, hasFinalizer: true, released: false };
  return { name, ...meta, spec, status: {} };
}
