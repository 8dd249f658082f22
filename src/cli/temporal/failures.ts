import { WorkflowNotFoundError } from '@temporalio/client';

import { CliFailure } from '../failure.js';

/**
 * Runs a call that is about one workflow.
 *
 * @param what - completes "cannot …"
 * @param missing - what to say when Temporal knows no such workflow, or it does not run
 * @throws CliFailure
 */
export async function aboutWorkflow<T>(what: string, missing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    if (error instanceof WorkflowNotFoundError) throw new CliFailure(missing, 1, error);
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    const message = error instanceof Error ? error.message : String(error);
    throw new CliFailure(`cannot ${what}: ${message}${cause}`, 1, error);
  }
}
