import type { Reason } from '../domain/reasons.js';

/** The failure types that cross Temporal. */
export const FAILURE_TYPES = {
  /** The pair is blocked until something else changes; never retried by Temporal. */
  blocked: 'Blocked',
  /** EC2 is busy with an earlier change: retried, benign. */
  waiting: 'Waiting',
  /** Throttled, network, internal error: retried. */
  transient: 'Transient',
  /** What was observed is no longer so; look again. Never retried by Temporal. */
  stale: 'Stale',
} as const;

/** What a failure says besides its type. */
export interface FailureDetail {
  readonly reason: Reason;
  readonly message: string;
  /** EC2 refused, and no attempt of this activity can have changed anything. */
  readonly definite: boolean;
}
