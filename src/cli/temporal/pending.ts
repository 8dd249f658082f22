import type { WorkflowExecutionDescription } from '@temporalio/client';

import { millis } from './activity-rows.js';

/** An activity that runs, or waits for its next attempt. */
export interface PendingActivity {
  readonly activity: string;
  readonly attempt: number;
  /** Why the attempt before failed; empty for the first one. */
  readonly failure: string;
  /** When the next attempt begins, RFC 3339; null while one runs. */
  readonly nextAttemptAt: string | null;
}

/** The activities of a workflow that have not ended. */
export function pendingActivities(raw: WorkflowExecutionDescription['raw']): PendingActivity[] {
  return (raw.pendingActivities ?? []).map((pending) => {
    const next = millis(pending.nextAttemptScheduleTime);
    return {
      activity: pending.activityType?.name ?? '',
      attempt: pending.attempt ?? 1,
      failure: pending.lastFailure?.message ?? '',
      nextAttemptAt: next === 0 ? null : new Date(next).toISOString(),
    };
  });
}
