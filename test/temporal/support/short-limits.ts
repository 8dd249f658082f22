import type { WorkflowInterceptors } from '@temporalio/workflow';

/** What an attempt has, in milliseconds: far less than the controller gives it, and than a call of EC2 may take. */
const LIMIT_MS = 1_000;

/** A module of workflow interceptors: each attempt of an activity ends soon, whatever the workflow gives it. */
export function interceptors(): WorkflowInterceptors {
  return {
    outbound: [
      {
        scheduleActivity: async (input, next) =>
          next({ ...input, options: { ...input.options, startToCloseTimeout: LIMIT_MS } }),
      },
    ],
  };
}
