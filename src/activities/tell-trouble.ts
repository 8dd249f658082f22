import { activityInfo } from '@temporalio/activity';
import type { Target } from '../contract/activities.js';
import { truncate } from '../domain/text.js';
import type { ActivityDeps } from './deps.js';
import { isEc2Failure } from './map-error.js';

/** From which attempt on a failure that may pass by itself is worth a word in the status: a second or two. */
const TELL_FROM = 3;

/**
 * Carries out the work of an activity; when EC2 keeps failing, says so in the Attachment's status. The workflow hears of it
 * only when all attempts are used up, which takes minutes; its next report takes the word away again.
 */
export async function tellingTrouble<T>(
  { attachments }: Pick<ActivityDeps, 'attachments'>,
  target: Target,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isEc2Failure(error) && error.kind === 'transient' && activityInfo().attempt >= TELL_FROM) {
      const trouble = { reason: error.reason, message: truncate(error.message) };
      // The failure itself is what counts: a status that cannot be written must not take its place.
      await attachments.noteTrouble(target, trouble).catch(() => undefined);
    }
    throw error;
  }
}
