import type { EniRef, PairActivities, Target } from '../contract/activities.js';
import { adoptEni } from './adopt-eni.js';
import { attachEni } from './attach-eni.js';
import { awaitInstance } from './await-instance.js';
import { configureEni } from './configure-eni.js';
import { createEni } from './create-eni.js';
import { deleteEni } from './delete-eni.js';
import type { ActivityDeps } from './deps.js';
import { detachEni } from './detach-eni.js';
import { translated } from './map-error.js';
import { observePair } from './observe-pair.js';
import { tellingTrouble } from './tell-trouble.js';
import { verifyEni } from './verify-eni.js';

/** All activities of a pair over their dependencies; every failure comes out as the contract says. */
export function createActivities(deps: ActivityDeps): PairActivities {
  const telling = <T>(target: Target, work: () => Promise<T>): Promise<T> => tellingTrouble(deps, target, work);
  const aboutEni = <R extends EniRef, T>(
    activity: (deps: ActivityDeps, ref: R) => Promise<T>,
  ): ((ref: R) => Promise<T>) => translated((ref) => telling(ref.target, () => activity(deps, ref)));
  return {
    observePair: translated((target, known) => telling(target, () => observePair(deps, target, known))),
    createEni: translated((target, intent) => telling(target, () => createEni(deps, target, intent))),
    adoptEni: aboutEni(adoptEni),
    attachEni: aboutEni(attachEni),
    verifyEni: aboutEni(verifyEni),
    awaitInstance: translated((instanceId) => awaitInstance(deps, instanceId)),
    configureEni: aboutEni(configureEni),
    detachEni: aboutEni(detachEni),
    deleteEni: aboutEni(deleteEni),
    reportStatus: translated((target, status) => deps.attachments.writeStatus(target, status)),
    releaseAttachment: translated((target) => deps.attachments.release(target)),
  };
}
