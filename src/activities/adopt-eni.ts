import type { EniRef, EniResult } from '../contract/activities.js';
import { TAG_KEYS } from '../domain/tags.js';
import type { ActivityDeps } from './deps.js';
import { refusePrimary } from './guard.js';
import { stale } from './map-error.js';

/** Gives an ENI of a former Attachment of this pair the tags of this one, if it still is that one's. */
export async function adoptEni(
  deps: ActivityDeps,
  ref: EniRef & { fromUid: string; tags: Readonly<Record<string, string>> },
): Promise<EniResult> {
  const eni = await deps.ec2.eni(ref.eniId);
  const uid = eni?.tags[TAG_KEYS.attachmentUid];
  if (eni === null || (uid !== ref.fromUid && uid !== ref.target.uid)) {
    throw stale('NotOurs', `${ref.eniId} is no longer the ENI of the former Attachment ${ref.fromUid}`);
  }
  refusePrimary(eni);
  await deps.ec2.configureEni(ref.eniId, '', { tags: ref.tags });
  return { at: Date.now(), eni };
}
