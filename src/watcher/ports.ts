import type { Target } from '../contract/activities.js';
import type { Attachment, AttachmentSpec } from '../domain/attachment.js';
import type { ClusterNode } from '../domain/node.js';
import type { NodeEniStatus } from '../domain/node-eni-status.js';
import type { NodeEni } from '../domain/node-eni.js';

/** What an informer knows of one kind. */
export interface Cache<T> {
  /** True once the first list is complete; nothing is decided before. */
  readonly synced: boolean;
  values(): readonly T[];
  /** Names of objects that exist but could not be parsed. */
  readonly unreadable: readonly string[];
}

/** The three caches that a decision needs. */
export interface Caches {
  readonly nodes: Cache<ClusterNode>;
  readonly nodeEnis: Cache<NodeEni>;
  readonly attachments: Cache<Attachment>;
}

/** Writes of the watcher to Kubernetes; each is repeatable, and shows its result in the caches at once. */
export interface KubernetesWrites {
  /** Null: the slot is taken by another object of the name. */
  createAttachment(spec: AttachmentSpec): Promise<Attachment | null>;
  updateAttachment(attachment: Attachment, spec: AttachmentSpec): Promise<void>;
  removeAttachment(attachment: Attachment): Promise<void>;
  /** By a consistent read. */
  countAttachments(nodeEniUid: string): Promise<number>;
  addFinalizer(nodeEni: NodeEni): Promise<void>;
  removeFinalizer(nodeEni: NodeEni): Promise<void>;
  writeNodeEniStatus(nodeEni: NodeEni, status: NodeEniStatus): Promise<void>;
}

/** The pair workflows in Temporal. */
export interface PairWorkflows {
  /**
   * Starts the pair's workflow, or tells the running one to look again.
   *
   * @param known - whether it should be running, which saves a call; it is started all the same if it is not
   */
  wake(target: Target, instanceId: string, known: boolean): Promise<void>;
  /** Tells a running workflow to look again; no effect when it has ended. */
  lookAgain(workflowId: string): Promise<void>;
  /** Ids of the cluster's running pair workflows. */
  running(): Promise<ReadonlySet<string>>;
}

/** A structured logger: fields first, a constant message second. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
