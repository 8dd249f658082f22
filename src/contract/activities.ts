import type { Attachment } from '../domain/attachment.js';
import type { DesiredStatus } from '../domain/attachment-status.js';
import type { CreateIntent } from '../domain/memory.js';
import type { EniFacts, Observation } from '../domain/observation.js';
import type { EniChanges, VerifyUntil } from '../domain/step.js';

/** Which Attachment a workflow looks after. */
export interface Target {
  readonly clusterName: string;
  readonly nodeEniName: string;
  readonly nodeName: string;
  /** The Attachment's name and UID. */
  readonly name: string;
  readonly uid: string;
}

/** Which Attachment this is, for its workflow. */
export function targetOf(clusterName: string, { name, uid, spec }: Attachment): Target {
  return { clusterName, nodeEniName: spec.nodeEni.name, nodeName: spec.nodeName, name, uid };
}

/** What an activity that concerns one ENI is told. */
export interface EniRef {
  readonly target: Target;
  readonly eniId: string;
}

/** An ENI after a change; null: EC2 no longer knows it. */
export interface EniResult {
  readonly at: number;
  readonly eni: EniFacts | null;
}

/**
 * The side effects of a pair. Every one is idempotent and may run more than once. A failure is an `ApplicationFailure`
 * whose type is a {@link FailureType}; its first detail is a {@link FailureDetail}.
 */
export interface PairActivities {
  /** Reads all that the next decision needs. */
  observePair(target: Target, known: { eniId: string | null }): Promise<Observation>;
  createEni(target: Target, intent: CreateIntent): Promise<EniResult>;
  /** Gives an ENI of a former Attachment of this pair the tags of this one. */
  adoptEni(ref: EniRef & { fromUid: string; tags: Readonly<Record<string, string>> }): Promise<EniResult>;
  /** Attaches, and sets deleteOnTermination, which the attach call cannot. */
  attachEni(
    ref: EniRef & { instanceId: string; deviceIndex: number; networkCardIndex: number; deleteOnTermination: boolean },
  ): Promise<{ at: number; attachmentId: string }>;
  /**
   * Waits until EC2 shows the ENI in the wanted state, or in one that needs another decision. Attributes that were just
   * changed are given some seconds to show.
   */
  verifyEni(ref: EniRef & { until: VerifyUntil; expect?: EniChanges }): Promise<EniResult>;
  /** Waits until the instance has left a transitional state. */
  awaitInstance(instanceId: string): Promise<{ at: number }>;
  configureEni(ref: EniRef & { attachmentId: string; changes: EniChanges }): Promise<{ at: number }>;
  /** Returns when the ENI is free. */
  detachEni(ref: EniRef & { force: boolean }): Promise<EniResult>;
  /** Returns when EC2 no longer knows the ENI. */
  deleteEni(ref: EniRef): Promise<EniResult>;
  reportStatus(target: Target, status: DesiredStatus): Promise<void>;
  releaseAttachment(target: Target): Promise<void>;
}
