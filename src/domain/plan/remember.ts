import type { PairMemory } from '../memory.js';
import type { Observation } from '../observation.js';
import type { Reason } from '../reasons.js';
import type { Step } from '../step.js';
import type { StepOutcome } from './apply.js';

/** What the pair knows before a step is carried out: a create call is on record before its first attempt. */
export function rememberBefore(memory: PairMemory, step: Step, at: number): PairMemory {
  switch (step.type) {
    case 'create':
      return { ...memory, ordinal: step.intent.ordinal, openCreate: step.intent, openCreateFailedAt: null };
    case 'detach':
      return { ...memory, detachStartedAt: memory.detachStartedAt ?? at };
    case 'idle':
      return { ...memory, block: null, condemnedEniId: null, coolDown: false, detachStartedAt: null };
    case 'attach':
    case 'adopt':
    case 'configure':
    case 'verify':
    case 'awaitInstance':
    case 'delete':
    case 'release':
    case 'done':
    case 'block':
      return memory;
  }
}

/** What the pair knows after a step that worked. */
export function rememberAfter(memory: PairMemory, step: Step, outcome: StepOutcome): PairMemory {
  switch (step.type) {
    case 'create': {
      const eniId = outcome.eni?.eniId ?? null;
      return { ...memory, openCreate: null, openCreateFailedAt: null, eniId, eniCreatedAt: outcome.at };
    }
    case 'verify':
      return outcome.eni === null ? forgetEni(memory, step.eniId) : { ...memory, eniCreatedAt: null };
    case 'detach':
      return { ...memory, detachStartedAt: null };
    case 'delete':
      return forgetEni(memory, step.eniId);
    case 'attach':
    case 'adopt':
    case 'configure':
    case 'awaitInstance':
    case 'release':
    case 'done':
    case 'idle':
    case 'block':
      return memory;
  }
}

function forgetEni(memory: PairMemory, eniId: string): PairMemory {
  const condemned = memory.condemnedEniId === eniId;
  const known = memory.eniId === eniId;
  return {
    ...memory,
    eniId: known ? null : memory.eniId,
    eniCreatedAt: known ? null : memory.eniCreatedAt,
    condemnedEniId: condemned ? null : memory.condemnedEniId,
    coolDown: condemned || memory.coolDown,
    detachStartedAt: null,
  };
}

/** How a step failed. */
export interface StepFailure {
  readonly at: number;
  readonly reason: Reason;
  /** True when EC2 refused and certainly changed nothing, in the first attempt. */
  readonly definite: boolean;
}

/** What the pair knows after a step that failed. */
export function rememberFailure(memory: PairMemory, step: Step, failure: StepFailure): PairMemory {
  // A history that was lost used this token: the next call takes the next one.
  if (failure.reason === 'TokenMismatch') return { ...memory, openCreate: null, openCreateFailedAt: null };
  if (step.type === 'create') return { ...memory, openCreateFailedAt: failure.definite ? 0 : failure.at };
  if (step.type === 'verify' && failure.reason === 'AttachTimeout') return { ...memory, condemnedEniId: step.eniId };
  return memory;
}

/** Counts how often in a row the pair is blocked for this reason. */
export function rememberBlock(memory: PairMemory, reason: Reason): PairMemory {
  const attempts = memory.block?.reason === reason ? memory.block.attempts + 1 : 1;
  return { ...memory, block: { reason, attempts } };
}

/** What the pair knows when a blocked wait is over. */
export function rememberWake(memory: PairMemory): PairMemory {
  return memory.coolDown ? { ...memory, coolDown: false } : memory;
}

/** Takes what a fresh observation shows into account: an ENI that was seen needs no grace for being invisible. */
export function rememberSeen(memory: PairMemory, observation: Observation): PairMemory {
  const [eni] = observation.owned;
  if (eni === undefined) return memory;
  return { ...memory, eniId: eni.eniId, eniCreatedAt: null, openCreate: null, openCreateFailedAt: null };
}
