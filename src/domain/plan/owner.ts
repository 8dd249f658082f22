import type { Attachment } from '../attachment.js';
import type { Observation } from '../observation.js';
import type { Owner } from '../tags.js';

/** Whose ENI the pair's is. */
export function ownerOf(observation: Pick<Observation, 'clusterName'>, attachment: Attachment): Owner {
  return {
    clusterName: observation.clusterName,
    attachmentUid: attachment.uid,
    nodeEniName: attachment.spec.nodeEni.name,
    nodeEniUid: attachment.spec.nodeEni.uid,
    nodeName: attachment.spec.nodeName,
  };
}
