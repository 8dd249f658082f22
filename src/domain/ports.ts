import type { Attachment } from './attachment.js';
import type { CreateIntent } from './memory.js';
import type { EniFacts, GroupFacts, InstanceFacts, SubnetFacts } from './observation.js';
import type { DesiredStatus, Trouble } from './attachment-status.js';
import type { Reason } from './reasons.js';
import type { EniChanges } from './step.js';

/** Reads of EC2. Concurrent calls share one request; nothing is cached unless said. */
export interface Ec2Reads {
  /** All ENIs that carry the cluster's tag and this node's tag. */
  enisOfNode(nodeName: string): Promise<readonly EniFacts[]>;
  /** One ENI by id, whatever its tags; null when EC2 does not know it. */
  eni(eniId: string): Promise<EniFacts | null>;
  /** Null when EC2 does not know the instance. */
  instance(instanceId: string): Promise<InstanceFacts | null>;
  /** Subnets by id, and by Name tag within a VPC; what is not found is left out. Cached for a minute, see impl. */
  subnets(query: NetworkQuery): Promise<readonly SubnetFacts[]>;
  /** Security groups by id, and by group name within a VPC. Cached for a minute. */
  securityGroups(query: NetworkQuery): Promise<readonly GroupFacts[]>;
}

/** Ids and names to look up; names only within the VPC. */
export interface NetworkQuery {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  /** Undefined: names are not looked up. */
  readonly vpcId: string | undefined;
}

/** Changes of EC2. Each fails with an {@link Ec2Failure}; none retries by itself. */
export interface Ec2Writes {
  /** Makes an ENI with all its tags in one call; repeated with the same token it gives the same ENI. */
  createEni(intent: CreateIntent, token: string): Promise<EniFacts>;
  /** Returns the attachment id. */
  attachEni(eniId: string, instanceId: string, networkCardIndex: number, deviceIndex: number): Promise<string>;
  /** Changes only what is given, one call for each attribute as EC2 wants it. */
  configureEni(eniId: string, attachmentId: string, changes: EniChanges): Promise<void>;
  detachEni(attachmentId: string, force: boolean): Promise<void>;
  deleteEni(eniId: string): Promise<void>;
}

/**
 * What a failed call of EC2 means.
 * - `transient`: the same call may work soon (throttled, network, internal error).
 * - `waiting`: EC2 is still busy with an earlier change of the same thing; look again.
 * - `gone`: what was to be changed does not exist (any more, or not yet visible).
 * - `refused`: it will not work until something else changes; the pair is blocked.
 */
export type Ec2FailureKind = 'transient' | 'waiting' | 'gone' | 'refused';

/** The error of {@link Ec2Reads} and {@link Ec2Writes}. */
export interface Ec2Failure extends Error {
  readonly kind: Ec2FailureKind;
  readonly reason: Reason;
  /** EC2's error code, or the network error's. */
  readonly code: string;
  /** When to try again at the earliest, in milliseconds; undefined: the caller's back-off. */
  readonly retryAfterMs: number | undefined;
  /** True when EC2 answered with a refusal, so that nothing was changed by this call. */
  readonly definite: boolean;
}

/** The Attachments in Kubernetes, read live. */
export interface AttachmentStore {
  /** Null when there is none of this name. */
  get(name: string): Promise<Attachment | null>;
  /** UIDs of the Attachments of a node that exist now, by a consistent read. */
  uidsOfNode(nodeName: string): Promise<readonly string[]>;
  /** Writes the status when it differs; resolves without effect when the Attachment of this UID is gone. */
  writeStatus(target: { name: string; uid: string }, status: DesiredStatus): Promise<void>;
  /** Sets reason and message of the status alone, unless it has the reason; no effect when the Attachment is gone. */
  noteTrouble(target: { name: string; uid: string }, trouble: Trouble): Promise<void>;
  /** Takes the finalizer off and sets the released annotation; no effect when the Attachment of this UID is gone. */
  release(target: { name: string; uid: string }): Promise<void>;
}
