import type { EniRef, EniResult } from '../contract/activities.js';
import type { ActivityDeps } from './deps.js';
import { ownedEni } from './guard.js';
import { isEc2Failure, stale } from './map-error.js';
import { poll } from './poll.js';

/** Deletes a free ENI that is ours, and returns when a Describe no longer shows it: only that counts as gone. */
export async function deleteEni(deps: ActivityDeps, ref: EniRef): Promise<EniResult> {
  let asked = false;
  return poll(async () => {
    const eni = await ownedEni(deps, ref);
    if (eni === null) return { done: { at: Date.now(), eni: null } };
    if (eni.attachment !== null && !asked) throw stale('NotVisibleYet', `${ref.eniId} is attached again`);
    if (!asked) asked = await requestDelete(deps, ref.eniId);
    return { pending: { reason: 'NotVisibleYet', message: `${ref.eniId} is being deleted` } };
  });
}

/** True when EC2 has taken the request; false when the ENI is still in use in its books. */
async function requestDelete(deps: ActivityDeps, eniId: string): Promise<boolean> {
  try {
    await deps.ec2.deleteEni(eniId);
    return true;
  } catch (error) {
    if (!isEc2Failure(error)) throw error;
    if (error.kind === 'gone') return true;
    if (error.kind === 'waiting') return false;
    throw error;
  }
}
