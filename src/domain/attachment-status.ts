import type { AttachmentStatus } from './attachment.js';
import type { PairMemory } from './memory.js';
import type { EniFacts, Observation } from './observation.js';
import type { Phase } from './phase.js';
import type { Reason } from './reasons.js';
import type { Step } from './step.js';
import { truncate } from './text.js';

/** Why a pair waits: shown beside the phase. */
export interface Trouble {
  readonly reason: Reason;
  readonly message: string;
}

/** The status that an Attachment is to have, without times. */
export interface DesiredStatus extends Omit<AttachmentStatus, 'phase' | 'lastUpdated' | 'attachedAt'> {
  readonly phase: Phase;
}

/** What a status is derived from. */
export interface StatusFacts {
  readonly observation: Observation;
  readonly memory: PairMemory;
  /** What is done next. */
  readonly step: Step;
  readonly trouble: Trouble | null;
  readonly workflowId: string;
}

/** Derives the status from what was observed and what is done next. */
export function desiredStatus(facts: StatusFacts): DesiredStatus {
  const { observation, memory, step, trouble, workflowId } = facts;
  const eni = observation.owned[0];
  return {
    phase: phaseOf(observation, step),
    reason: trouble?.reason,
    message: trouble === null ? undefined : truncate(trouble.message),
    ...(observation.refusal === undefined ? eniStatus(eni, memory) : onRecord(observation.attachment?.status)),
    workflowId,
    createOrdinal: memory.ordinal ?? observation.attachment?.status.createOrdinal,
    observedGeneration: observation.attachment?.generation,
  };
}

/**
 * An ENI that EC2 does not show yet stays in the status: it is on record until it is seen to be gone.
 */
function eniStatus(eni: EniFacts | undefined, memory: PairMemory): Partial<Omit<DesiredStatus, 'phase'>> {
  if (eni === undefined) return memory.eniId === null ? {} : { eniId: memory.eniId };
  return {
    eniId: eni.eniId,
    attachmentId:
      eni.attachment === null || eni.attachment.attachmentId === '' ? undefined : eni.attachment.attachmentId,
    macAddress: eni.macAddress,
    privateIp: eni.privateIp,
    subnetId: eni.subnetId,
    zone: eni.zone,
    securityGroupIds: eni.securityGroupIds.toSorted(),
  };
}

/** What nobody could look at stays as it was last seen. */
function onRecord(status: AttachmentStatus | undefined): Partial<Omit<DesiredStatus, 'phase'>> {
  if (status === undefined) return {};
  const { eniId, attachmentId, macAddress, privateIp, subnetId, zone, securityGroupIds } = status;
  return { eniId, attachmentId, macAddress, privateIp, subnetId, zone, securityGroupIds };
}

/** The phase that a step stands for; a blocked release stays Detaching or Deleting, with the reason beside it. */
export function phaseOf(observation: Observation, step: Step): Phase {
  switch (step.type) {
    case 'create':
      return 'Creating';
    case 'adopt':
    case 'configure':
      return 'Configuring';
    case 'attach':
      return 'Attaching';
    case 'verify':
      return verifyPhase(step.until);
    case 'awaitInstance':
      return 'Pending';
    case 'detach':
      return 'Detaching';
    case 'delete':
    case 'release':
    case 'done':
      return 'Deleting';
    case 'idle':
      return 'Attached';
    case 'block':
      return blockedPhase(observation);
  }
}

function verifyPhase(until: Extract<Step, { type: 'verify' }>['until']): Phase {
  switch (until) {
    case 'attached':
      return 'Attaching';
    case 'visible':
      return 'Creating';
    case 'detached':
      return 'Detaching';
    case 'gone':
      return 'Deleting';
  }
}

function blockedPhase(observation: Observation): Phase {
  if (observation.attachment?.deleting === false) return 'Blocked';
  return observation.owned.some((eni) => eni.attachment !== null) ? 'Detaching' : 'Deleting';
}
