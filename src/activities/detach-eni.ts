import type { EniRef, EniResult } from '../contract/activities.js';
import type { EniFacts } from '../domain/observation.js';
import type { ActivityDeps } from './deps.js';
import { ownedEni } from './guard.js';
import { isEc2Failure } from './map-error.js';
import { poll } from './poll.js';

/** Detaches an ENI that is ours, and returns when EC2 shows it free or no longer at all. */
export async function detachEni(deps: ActivityDeps, ref: EniRef & { force: boolean }): Promise<EniResult> {
  let asked = false;
  return poll(async () => {
    const eni = await ownedEni(deps, ref);
    if (eni === null || eni.attachment === null) return { done: { at: Date.now(), eni } };
    if (!asked && (ref.force || eni.attachment.status !== 'detaching')) {
      asked = true;
      await requestDetach(deps, eni, ref.force);
    }
    return { pending: { reason: 'NotVisibleYet', message: `${ref.eniId} is being detached` } };
  });
}

async function requestDetach(deps: ActivityDeps, eni: EniFacts, force: boolean): Promise<void> {
  const attachmentId = eni.attachment?.attachmentId ?? '';
  if (attachmentId === '') return;
  try {
    await deps.ec2.detachEni(attachmentId, force);
  } catch (error) {
    // Gone: somebody else, or an attempt whose answer was lost, detached it. Waiting: it is detaching already.
    if (!isEc2Failure(error) || (error.kind !== 'gone' && error.kind !== 'waiting')) throw error;
  }
}
