import {
  activityInfo,
  ApplicationFailure,
  cancellationSignal,
  CancelledFailure,
  heartbeat,
} from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { FAILURE_TYPES, type FailureDetail } from '../contract/failures.js';
import type { Ec2Failure } from '../domain/ports.js';
import type { Reason } from '../domain/reasons.js';
import { truncate } from '../domain/text.js';

/** When another worker takes up what a stopping one left. */
const HAND_OVER_MS = 100;

/** Wraps an activity so that whatever it throws crosses Temporal as the contract says. */
export function translated<A extends unknown[], R>(activity: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    const stop = beat();
    try {
      return await activity(...args);
    } catch (error) {
      throw toApplicationFailure(error);
    } finally {
      stop();
    }
  };
}

/** Heartbeats while an activity runs, so that the loss of its worker is noticed in seconds. Local ones have none. */
function beat(): () => void {
  const { heartbeatTimeoutMs, isLocal } = activityInfo();
  if (isLocal || heartbeatTimeoutMs === undefined) return () => undefined;
  const timer = setInterval(heartbeat, heartbeatTimeoutMs / 2);
  return () => clearInterval(timer);
}

/** EC2 is not ready yet: try again after the delay. Neither an alarm nor an event in the history. */
export function waiting(reason: Reason, message: string, delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE_TYPES.waiting,
    message,
    nextRetryDelay: delayMs,
    category: ApplicationFailureCategory.BENIGN,
    details: [detail(reason, message, false)],
  });
}

/** What was observed is no longer so. */
export function stale(reason: Reason, message: string): ApplicationFailure {
  const options = {
    type: FAILURE_TYPES.stale,
    message,
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
  };
  return ApplicationFailure.create({ ...options, details: [detail(reason, message, true)] });
}

/** The pair cannot go on until something else changes. */
export function blocked(reason: Reason, message: string, definite = true): ApplicationFailure {
  const options = { type: FAILURE_TYPES.blocked, message, nonRetryable: true };
  return ApplicationFailure.create({ ...options, details: [detail(reason, message, definite)] });
}

/** True for the errors of the EC2 adapter. */
export function isEc2Failure(error: unknown): error is Ec2Failure {
  return error instanceof Error && 'kind' in error && 'reason' in error && 'definite' in error;
}

function toApplicationFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const cancelled = cancellation(error);
  if (cancelled !== null) return cancelled;
  if (isEc2Failure(error)) return fromEc2(error);
  const message = truncate(error instanceof Error ? error.message : String(error));
  return transient('KubernetesUnavailable', message, undefined);
}

/**
 * What ended a sleep or a call under way, which end with an AbortError of their own. An activity that was cancelled has
 * to end as cancelled, or its workflow takes it for a failure; one whose worker stops goes on at the next worker.
 */
function cancellation(error: unknown): Error | null {
  const signal = cancellationSignal();
  const reason: unknown = signal.reason;
  if (!signal.aborted || !(error instanceof Error) || error.name !== 'AbortError') return null;
  const why = reason instanceof CancelledFailure ? reason : new CancelledFailure('CANCELLED');
  return why.message === 'WORKER_SHUTDOWN' ? waiting('NotVisibleYet', 'the worker stops', HAND_OVER_MS) : why;
}

function fromEc2(error: Ec2Failure): ApplicationFailure {
  const message = truncate(error.message);
  switch (error.kind) {
    case 'transient':
      return transient(error.reason, message, error.retryAfterMs);
    case 'waiting':
      return waiting(error.reason, message, error.retryAfterMs ?? 1_000);
    case 'gone':
      return stale(error.reason, message);
    case 'refused':
      return blocked(error.reason, message, error.definite);
  }
}

function transient(reason: Reason, message: string, retryAfterMs: number | undefined): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE_TYPES.transient,
    message,
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
    ...(reason === 'Throttled' ? { category: ApplicationFailureCategory.BENIGN } : {}),
    details: [detail(reason, message, false)],
  });
}

/** Only a refusal in the first attempt is definite: an earlier attempt may have worked without its answer arriving. */
function detail(reason: Reason, message: string, definite: boolean): FailureDetail {
  return { reason, message, definite: definite && activityInfo().attempt === 1 };
}
