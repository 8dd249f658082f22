import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { DesiredStatus } from '../domain/attachment-status.js';
import type { PairMemory } from '../domain/memory.js';
import type { Target } from './activities.js';

/** The type of the workflow that looks after one Attachment. Recorded in histories: never renamed. */
export const PAIR_WORKFLOW = 'eniAttachment';

/** What a pair's workflow starts with. */
export interface PairInput {
  readonly target: Target;
  /** Carried over continue-as-new; absent at the start of a life. */
  readonly memory?: PairMemory;
}

/**
 * "Look again": carries no truth, only which Attachment to look at. A signal, not an update: its sender has nothing to
 * wait for, and it may be lost or doubled without harm.
 */
export const reconcileSignal = defineSignal<[Target]>('reconcile');

/** What people ask a pair's workflow. */
export interface PairView {
  readonly target: Target;
  readonly status: DesiredStatus | null;
  readonly memory: PairMemory;
  readonly nextLookAt: string | null;
}

/** The pair as its workflow sees it; for people and the command line, not for decisions. */
export const stateQuery = defineQuery<PairView>('state');
