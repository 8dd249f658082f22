import type { EC2Client } from '@aws-sdk/client-ec2';

import type { EniFacts, SubnetFacts } from '../domain/observation.js';
import type { Ec2Reads, Ec2Writes, NetworkQuery } from '../domain/ports.js';
import { TAG_KEYS } from '../domain/tags.js';
import { MutationBudget } from './budget.js';
import { Ec2Caller, type Ec2Observer } from './caller.js';
import { type Clock, systemClock } from './clock.js';
import { EniReads } from './describe-enis.js';
import { InstanceReads } from './describe-instances.js';
import { CreateGate } from './gates.js';
import { InstanceTypes } from './instance-types.js';
import { NetworkReads } from './network.js';
import { listEnisByTag } from './sweep.js';
import { EniWrites } from './writes.js';

/** What EC2 is for the rest of the controller. Every method fails with an `Ec2Error`. */
export interface Ec2 extends Ec2Reads, Ec2Writes {
  /** Every ENI with the cluster's tag, in pages of up to 1,000: the audit's list. */
  clusterEnis(): AsyncIterable<readonly EniFacts[]>;
  /** Every ENI with a tag of this value, whoever made it, in pages of up to 1,000. */
  enisWithTag(key: string, value: string): AsyncIterable<readonly EniFacts[]>;
}

/** What {@link createEc2} puts together. */
export interface Ec2Options {
  /** From `createEc2Client`; the caller ends it. */
  readonly client: EC2Client;
  /** The value of the cluster's tag. */
  readonly clusterName: string;
  readonly observer?: Ec2Observer;
  /** Default: the process's own. */
  readonly clock?: Clock;
}

/** EC2 over the SDK. One for a process: what it knows of load, caches and full subnets is in it. */
export function createEc2(options: Ec2Options): Ec2 {
  const { client, clusterName, observer, clock = systemClock } = options;
  const budget = new MutationBudget(clock, (action, ms) => observer?.onBudgetWait(action, ms));
  const caller = new Ec2Caller({ client, budget, clock, observer });
  const gate = new CreateGate(clock);
  const enis = new EniReads(caller, clusterName, clock);
  const instances = new InstanceReads(caller, new InstanceTypes(caller, clock), clock);
  const network = new NetworkReads(caller, clock);
  const writes = new EniWrites(caller, gate);
  return {
    enisOfNode: async (nodeName) => enis.enisOfNode(nodeName),
    eni: async (eniId) => enis.eni(eniId),
    instance: async (instanceId) => instances.instance(instanceId),
    subnets: async (query) => subnetsWithRoom(network, gate, query),
    securityGroups: async (query) => network.securityGroups(query),
    createEni: async (intent, token) => writes.createEni(intent, token),
    attachEni: async (...args) => writes.attachEni(...args),
    configureEni: async (...args) => writes.configureEni(...args),
    detachEni: async (attachmentId, force) => writes.detachEni(attachmentId, force),
    deleteEni: async (eniId) => writes.deleteEni(eniId),
    clusterEnis: () => listEnisByTag(caller, TAG_KEYS.cluster, clusterName),
    enisWithTag: (key, value) => listEnisByTag(caller, key, value),
  };
}

/** EC2's count lags behind: a subnet that has just refused an ENI counts as full, so that another one is chosen. */
async function subnetsWithRoom(network: NetworkReads, gate: CreateGate, query: NetworkQuery): Promise<SubnetFacts[]> {
  const found = await network.subnets(query);
  return found.map((subnet) => (gate.isFull(subnet.subnetId) ? { ...subnet, freeAddresses: 0 } : subnet));
}
