import type { Phase } from './phase.js';
import type { Reason } from './reasons.js';

/** A NodeENIAttachment: one (node, NodeENI) pair on record before anything is made in EC2. */
export interface Attachment {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly createdAt: string;
  readonly deleting: boolean;
  readonly hasFinalizer: boolean;
  /** The release has said that nothing is left in EC2. */
  readonly released: boolean;
  readonly spec: AttachmentSpec;
  readonly status: AttachmentStatus;
}

/** What the watcher wrote: which ENI the pair is to have. */
export interface AttachmentSpec {
  readonly nodeEni: { readonly name: string; readonly uid: string };
  readonly nodeName: string;
  readonly nodeUid: string;
  readonly instanceId: string;
  readonly zone: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly subnetIds: readonly string[];
  readonly subnetNames: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly securityGroupNames: readonly string[];
  readonly deleteOnTermination: boolean;
  readonly sourceDestCheck: boolean;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Seconds after which a detach may be forced; null: never. */
  readonly forceDetachAfterSeconds: number | null;
  readonly paused: boolean;
}

/** What the workflow wrote: what is there. Absent fields are not known or not there. */
export interface AttachmentStatus {
  readonly phase?: Phase | undefined;
  readonly reason?: Reason | undefined;
  readonly message?: string | undefined;
  readonly eniId?: string | undefined;
  readonly attachmentId?: string | undefined;
  readonly macAddress?: string | undefined;
  readonly privateIp?: string | undefined;
  readonly subnetId?: string | undefined;
  readonly zone?: string | undefined;
  /** The ENI's groups as ids, sorted. */
  readonly securityGroupIds?: readonly string[] | undefined;
  readonly workflowId?: string | undefined;
  readonly createOrdinal?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly lastUpdated?: string | undefined;
  readonly attachedAt?: string | undefined;
}
