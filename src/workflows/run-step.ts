import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import type { Target } from '../contract/activities.js';
import type { StepOutcome } from '../domain/plan/apply.js';
import type { Step } from '../domain/step.js';
import { changes, releases, WAIT_LIMIT_MS, waits, writes } from './activities.js';
import { stepSummary } from './summary.js';

/**
 * Carries out one step by one activity.
 *
 * @throws ActivityFailure as the activity fails
 */
export async function runStep(step: Step, target: Target): Promise<StepOutcome> {
  const label = options(step);
  switch (step.type) {
    case 'create':
      return changes(target.clusterName).createEni.executeWithOptions(label, [target, step.intent]);
    case 'adopt':
      return changes(target.clusterName).adoptEni.executeWithOptions(label, [{ target, ...step }]);
    case 'attach':
      return changes(target.clusterName).attachEni.executeWithOptions(label, [{ target, ...step }]);
    case 'configure':
      return changes(target.clusterName).configureEni.executeWithOptions(label, [{ target, ...step }]);
    case 'verify':
      return waits.verifyEni.executeWithOptions(label, [{ target, ...step }]);
    case 'awaitInstance':
      return waits.awaitInstance.executeWithOptions(label, [step.instanceId]);
    case 'detach':
      return releases(target.clusterName).detachEni.executeWithOptions({ ...label, ...detachLimit(step) }, [
        { target, ...step },
      ]);
    case 'delete':
      return releases(target.clusterName).deleteEni.executeWithOptions(label, [{ target, ...step }]);
    case 'release':
      await writes.releaseAttachment.executeWithOptions(label, [target]);
      return { at: Date.now() };
    case 'idle':
    case 'block':
    case 'done':
      return { at: Date.now() };
  }
}

/** A wait that is over when the detach may be forced; else as long as any other. */
function detachLimit({ forceInMs }: Extract<Step, { type: 'detach' }>): ActivityOptions {
  return forceInMs === undefined ? {} : { scheduleToCloseTimeout: Math.min(forceInMs, WAIT_LIMIT_MS) };
}

function options(step: Step): ActivityOptions {
  // A call under way ends with its result, so that no ENI is made without the pair's knowledge.
  return { summary: stepSummary(step), cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED };
}
