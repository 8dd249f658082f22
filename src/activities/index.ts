import type { PairActivities, Target } from '../contract/activities.js';
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
  return {
    observePair: translated((target, known) => telling(target, () => observePair(deps, target, known))),
    createEni: translated((target, intent) => telling(target, () => createEni(deps, target, intent))),
    adoptEni: translated((ref) => telling(ref.target, () => adoptEni(deps, ref))),
    attachEni: translated((ref) => telling(ref.target, () => attachEni(deps, ref))),
    verifyEni: translated((ref) => telling(ref.target, () => verifyEni(deps, ref))),
    awaitInstance: translated((instanceId) => awaitInstance(deps, instanceId)),
    configureEni: translated((ref) => telling(ref.target, () => configureEni(deps, ref))),
    detachEni: translated((ref) => telling(ref.target, () => detachEni(deps, ref))),
    deleteEni: translated((ref) => telling(ref.target, () => deleteEni(deps, ref))),
    reportStatus: translated((target, status) => deps.attachments.writeStatus(target, status)),
    releaseAttachment: translated((target) => deps.attachments.release(target)),
  };
}
