import type { Attachment } from './attachment.js';
import type { Reason } from './reasons.js';

/** An ENI as EC2 describes it. */
export interface EniFacts {
  readonly eniId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly securityGroupIds: readonly string[];
  readonly description: string;
  readonly sourceDestCheck: boolean;
  readonly macAddress: string;
  readonly privateIp: string;
  /** Null: EC2 shows the ENI as available, or its attachment as detached. */
  readonly attachment: EniAttachmentFacts | null;
  /** True when a part was taken from the answer to a change and not yet seen in a Describe. */
  readonly assumed: boolean;
}

/** An ENI's attachment as EC2 describes it. */
export interface EniAttachmentFacts {
  /** Empty for a moment after a change. */
  readonly attachmentId: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly status: 'attaching' | 'attached' | 'detaching';
  readonly deleteOnTermination: boolean;
}

/** EC2's instance states (Amazon EC2 API Reference, InstanceState). */
export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** An instance, reduced to what decides whether an ENI can be attached. */
export interface InstanceFacts {
  readonly instanceId: string;
  readonly state: InstanceState;
  readonly instanceType: string;
  readonly zone: string;
  readonly vpcId: string;
  /** The interfaces that it has now, ours and foreign. */
  readonly slots: readonly SlotFacts[];
  /** Most interfaces by network card index; null when EC2 does not say. */
  readonly limits: Readonly<Record<string, number>> | null;
}

/** One interface of an instance. */
export interface SlotFacts {
  readonly eniId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
}

/** A candidate subnet. */
export interface SubnetFacts {
  readonly subnetId: string;
  readonly zone: string;
  readonly vpcId: string;
  readonly freeAddresses: number;
  /** The Name tag by which it was found; null when found by id. */
  readonly foundByName: string | null;
}

/** A security group of the spec. */
export interface GroupFacts {
  readonly groupId: string;
  readonly vpcId: string;
  readonly foundByName: string | null;
}

/** The subnets and groups that the spec names, as found. What is not in the lists was not found. */
export interface NetworkFacts {
  readonly subnets: readonly SubnetFacts[];
  readonly groups: readonly GroupFacts[];
}

/** What is there, at one moment: the whole input of a decision besides the pair's memory. */
export interface Observation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly clusterName: string;
  /** Null: the Attachment of the expected UID is gone. */
  readonly attachment: Attachment | null;
  /** ENIs that carry the Attachment's UID tag. */
  readonly owned: readonly EniFacts[];
  /** ENIs of the same pair whose Attachment no longer exists. */
  readonly adoptable: readonly EniFacts[];
  /** The ENI that status or memory names, without our tags: somebody took them off. Null when there is none. */
  readonly untagged: EniFacts | null;
  /** Null: EC2 does not know it. Undefined: it was not looked up, since nothing depends on it. */
  readonly instance: InstanceFacts | null | undefined;
  /** Undefined: not looked up. */
  readonly network: NetworkFacts | undefined;
  /** EC2 refused the reads, so that nothing of it is known: every list is empty. Absent: it answered. */
  readonly refusal?: { readonly reason: Reason; readonly message: string };
  /** The longest wait of a blocked pair, in milliseconds. */
  readonly blockedRetryMaxMs: number;
}
