import type { EniRef } from '../contract/activities.js';
import type { ActivityDeps } from './deps.js';
import { isEc2Failure, stale, waiting } from './map-error.js';

type AttachRef = EniRef & { instanceId: string; deviceIndex: number; networkCardIndex: number };

/**
 * Attaches the ENI. EC2 has no token for it: a refusal is followed by a look, since the answer of an attempt that worked
 * may have been lost.
 */
export async function attachEni(deps: ActivityDeps, ref: AttachRef): Promise<{ at: number; attachmentId: string }> {
  try {
    const attachmentId = await deps.ec2.attachEni(ref.eniId, ref.instanceId, ref.networkCardIndex, ref.deviceIndex);
    return { at: Date.now(), attachmentId };
  } catch (error) {
    if (!isEc2Failure(error) || error.kind === 'transient') throw error;
    return afterRefusal(deps, ref, error);
  }
}

async function afterRefusal(
  deps: ActivityDeps,
  ref: AttachRef,
  error: Error,
): Promise<{ at: number; attachmentId: string }> {
  const eni = await deps.ec2.eni(ref.eniId);
  const attachment = eni?.attachment;
  if (eni === null) throw waiting('NotVisibleYet', `${ref.eniId} is not visible yet: ${error.message}`, 1_000);
  // EC2 says neither why nor for how long it is busy: what the next step is, a fresh look decides.
  if (!attachment) throw isEc2Failure(error) && error.kind === 'waiting' ? stale(error.reason, error.message) : error;
  const asWanted =
    attachment.instanceId === ref.instanceId &&
    attachment.deviceIndex === ref.deviceIndex &&
    attachment.networkCardIndex === ref.networkCardIndex &&
    attachment.status !== 'detaching';
  if (!asWanted) throw stale('DeviceIndexInUse', `${ref.eniId} is ${attachment.status} at ${attachment.instanceId}`);
  return { at: Date.now(), attachmentId: attachment.attachmentId };
}
