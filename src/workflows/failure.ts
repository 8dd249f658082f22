import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { FAILURE_TYPES, type FailureDetail } from '../contract/failures.js';
import type { Step } from '../domain/step.js';

/** A failed step in the words of the domain. */
export interface StepError extends FailureDetail {
  /** The observation was outdated: look again at once. */
  readonly stale: boolean;
}

/** True when a step was interrupted by a signal. The cancellation of the workflow itself is passed on. */
export function isInterruption(error: unknown): boolean {
  if (!isCancellation(error)) return false;
  if (CancellationScope.current().consideredCancelled) throw error;
  return true;
}

/**
 * Reads what an activity said of its failure. An activity that was retried until its limit speaks through its last
 * attempt.
 */
export function failureOf(error: unknown, step?: Step): StepError {
  if (isCancellation(error)) throw error;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof TimeoutFailure)) return applicationFailure(cause);
  const waited = step === undefined ? null : waitedOut(step);
  if (waited !== null) return waited;
  // Several attempts were made: an earlier one may have worked without its answer arriving.
  return { ...applicationFailure(cause.cause ?? cause), definite: false };
}

/** A wait whose time is over, which is no fault of a call; null: it was no such wait. */
function waitedOut(step: Step): StepError | null {
  if (step.type === 'verify' && step.until === 'attached') {
    return { reason: 'AttachTimeout', message: `${step.eniId} stayed attaching`, definite: false, stale: false };
  }
  if (step.type === 'detach' && step.forceInMs !== undefined) {
    return { reason: 'NotVisibleYet', message: `${step.eniId} is still attached`, definite: false, stale: true };
  }
  return null;
}

function applicationFailure(failure: unknown): StepError {
  if (!(failure instanceof ApplicationFailure)) return unknownFailure(failure);
  const [detail] = (failure.details ?? []) as (FailureDetail | undefined)[];
  if (detail === undefined) return unknownFailure(failure);
  return { ...detail, stale: failure.type === FAILURE_TYPES.stale };
}

function unknownFailure(error: unknown): StepError {
  const message = error instanceof Error ? error.message : String(error);
  return { reason: 'Ec2Unavailable', message, definite: false, stale: false };
}
