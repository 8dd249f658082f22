import type { PairActivities } from '../contract/activities.js';
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
import { verifyEni } from './verify-eni.js';

/** All activities of a pair over their dependencies; every failure comes out as the contract says. */
export function createActivities(deps: ActivityDeps): PairActivities {
  return {
    observePair: translated((...args) => observePair(deps, ...args)),
    createEni: translated((...args) => createEni(deps, ...args)),
    adoptEni: translated((ref) => adoptEni(deps, ref)),
    attachEni: translated((ref) => attachEni(deps, ref)),
    verifyEni: translated((ref) => verifyEni(deps, ref)),
    awaitInstance: translated((instanceId) => awaitInstance(deps, instanceId)),
    configureEni: translated((ref) => configureEni(deps, ref)),
    detachEni: translated((ref) => detachEni(deps, ref)),
    deleteEni: translated((ref) => deleteEni(deps, ref)),
    reportStatus: translated((target, status) => deps.attachments.writeStatus(target, status)),
    releaseAttachment: translated((target) => deps.attachments.release(target)),
  };
}
