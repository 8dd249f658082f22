import type { PairActivities } from '../contract/activities.js';
import type { ActivityDeps } from './deps.js';
import { refusePrimary } from './guard.js';
import { isEc2Failure, stale, waiting } from './map-error.js';

type AttachRef = Parameters<PairActivities['attachEni']>[0];
type Attached = Awaited<ReturnType<PairActivities['attachEni']>>;

/**
 * Attaches the ENI and sets deleteOnTermination. EC2 has no token for it: a refusal is followed by a look, since the
 * answer of an attempt that worked may have been lost; the attribute is then set as after an attach.
 */
export async function attachEni(deps: ActivityDeps, ref: AttachRef): Promise<Attached> {
  const attachmentId = await attach(deps, ref);
  // EC2 attaches with false. A failure here fails the activity: the next attempt finds the ENI attached, and goes on.
  if (ref.deleteOnTermination) await deps.ec2.configureEni(ref.eniId, attachmentId, { deleteOnTermination: true });
  return { at: Date.now(), attachmentId };
}

async function attach(deps: ActivityDeps, ref: AttachRef): Promise<string> {
  try {
    return await deps.ec2.attachEni(ref.eniId, ref.instanceId, ref.networkCardIndex, ref.deviceIndex);
  } catch (error) {
    if (!isEc2Failure(error) || error.kind === 'transient') throw error;
    return afterRefusal(deps, ref, error);
  }
}

async function afterRefusal(deps: ActivityDeps, ref: AttachRef, error: Error): Promise<string> {
  const eni = await deps.ec2.eni(ref.eniId);
  const attachment = eni?.attachment;
  if (eni === null) throw waiting('NotVisibleYet', `${ref.eniId} is not visible yet: ${error.message}`, 1_000);
  refusePrimary(eni);
  // EC2 says neither why nor for how long it is busy: what the next step is, a fresh look decides.
  if (!attachment) throw isEc2Failure(error) && error.kind === 'waiting' ? stale(error.reason, error.message) : error;
  const asWanted =
    attachment.instanceId === ref.instanceId &&
    attachment.deviceIndex === ref.deviceIndex &&
    attachment.networkCardIndex === ref.networkCardIndex &&
    attachment.status !== 'detaching';
  if (!asWanted) throw stale('DeviceIndexInUse', `${ref.eniId} is ${attachment.status} at ${attachment.instanceId}`);
  return attachment.attachmentId;
}
