import type { EniRef } from '../contract/activities.js';
import type { EniChanges } from '../domain/step.js';
import type { ActivityDeps } from './deps.js';
import { ownedEni } from './guard.js';
import { waiting } from './map-error.js';

/** Changes attributes in place on an ENI that is ours. */
export async function configureEni(
  deps: ActivityDeps,
  ref: EniRef & { attachmentId: string; changes: EniChanges },
): Promise<{ at: number }> {
  const eni = await ownedEni(deps, ref);
  if (eni === null) throw waiting('NotVisibleYet', `${ref.eniId} is not visible yet`, 1_000);
  await deps.ec2.configureEni(ref.eniId, eni.attachment?.attachmentId || ref.attachmentId, ref.changes);
  return { at: Date.now() };
}
