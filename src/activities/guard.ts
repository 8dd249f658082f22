import type { EniRef } from '../contract/activities.js';
import type { EniFacts } from '../domain/observation.js';
import { isOwnedBy } from '../domain/tags.js';
import type { ActivityDeps } from './deps.js';
import { blocked } from './map-error.js';

/**
 * Describes an ENI afresh and makes sure that it may be changed: it carries the cluster's tag and the Attachment's UID,
 * and is not the primary interface of an instance. Null when EC2 does not know it.
 *
 * @throws ApplicationFailure of type Blocked, reason NotOurs
 */
export async function ownedEni(deps: ActivityDeps, { target, eniId }: EniRef): Promise<EniFacts | null> {
  const eni = await deps.ec2.eni(eniId);
  if (eni === null) return null;
  if (!isOwnedBy(eni.tags, deps.clusterName, target.uid)) {
    throw blocked(
      'NotOurs',
      `${eniId} does not carry the tags of Attachment ${target.name} (${target.uid}); left alone`,
    );
  }
  refusePrimary(eni);
  return eni;
}

/**
 * Lets no primary interface of an instance through, whatever its tags say.
 * @throws ApplicationFailure of type Blocked, reason NotOurs
 */
export function refusePrimary({ eniId, attachment }: EniFacts): void {
  if (attachment?.deviceIndex !== 0) return;
  throw blocked('NotOurs', `${eniId} is the primary interface of ${attachment.instanceId}; left alone`);
}
