import type { AttachmentSpec, AttachmentStatus } from '../domain/attachment.js';
import { ATTACHMENT_FINALIZER, ATTACHMENT_LABELS, attachmentName, GROUP, VERSION } from '../domain/names.js';

/** `apiVersion` of both kinds. */
export const API_VERSION = `${GROUP}/${VERSION}`;

/** The wire fields that may change under an ENI; null in a merge patch takes a field away. */
export function mutableSpecToWire(spec: AttachmentSpec): Record<string, unknown> {
  return {
    zone: spec.zone,
    subnetIDs: spec.subnetIds,
    subnetNames: spec.subnetNames,
    securityGroupIDs: spec.securityGroupIds,
    securityGroupNames: spec.securityGroupNames,
    deleteOnTermination: spec.deleteOnTermination,
    sourceDestCheck: spec.sourceDestCheck,
    description: spec.description,
    tags: spec.tags,
    forceDetachAfterSeconds: spec.forceDetachAfterSeconds,
    paused: spec.paused ? true : null,
  };
}

/** An Attachment's spec as the API has it. */
function specToWire(spec: AttachmentSpec): Record<string, unknown> {
  return {
    nodeENI: spec.nodeEni,
    nodeName: spec.nodeName,
    nodeUID: spec.nodeUid,
    instanceID: spec.instanceId,
    deviceIndex: spec.deviceIndex,
    networkCardIndex: spec.networkCardIndex,
    ...withoutNulls(mutableSpecToWire(spec)),
  };
}

/** The labels of an Attachment. */
export function labelsOf(spec: AttachmentSpec): Record<string, string> {
  return { [ATTACHMENT_LABELS.nodeEniName]: spec.nodeEni.name, [ATTACHMENT_LABELS.nodeEniUid]: spec.nodeEni.uid };
}

/** A new Attachment, as it is sent to the API server. */
export function attachmentManifest(spec: AttachmentSpec): Record<string, unknown> {
  const owner = { apiVersion: API_VERSION, kind: 'NodeENI', ...spec.nodeEni };
  return {
    apiVersion: API_VERSION,
    kind: 'NodeENIAttachment',
    metadata: {
      name: attachmentName(spec.nodeName, spec.networkCardIndex, spec.deviceIndex),
      labels: labelsOf(spec),
      finalizers: [ATTACHMENT_FINALIZER],
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: specToWire(spec),
  };
}

/** An Attachment's status as the API has it; what is undefined stays so, with the key. */
export function statusFieldsToWire(status: AttachmentStatus): Record<string, unknown> {
  return {
    phase: status.phase,
    reason: status.reason,
    message: status.message,
    eniID: status.eniId,
    attachmentID: status.attachmentId,
    macAddress: status.macAddress,
    privateIP: status.privateIp,
    subnetID: status.subnetId,
    zone: status.zone,
    securityGroupIDs: status.securityGroupIds,
    workflowID: status.workflowId,
    createOrdinal: status.createOrdinal,
    observedGeneration: status.observedGeneration,
    lastUpdated: status.lastUpdated,
    attachedAt: status.attachedAt,
  };
}

/** An Attachment's status as the API has it, without its conditions. */
export function statusToWire(status: AttachmentStatus): Record<string, unknown> {
  return withoutNulls(statusFieldsToWire(status));
}

function withoutNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
