import { z } from 'zod';
import type { Attachment, AttachmentSpec } from '../domain/attachment.js';
import {
  ATTACHMENT_FINALIZER,
  ATTACHMENT_LABELS,
  attachmentName,
  GROUP,
  RELEASED_ANNOTATION,
  VERSION,
} from '../domain/names.js';
import { isPhase } from '../domain/phase.js';
import { isReason } from '../domain/reasons.js';
import { metadata } from './metadata.js';

const texts = z.array(z.string()).default([]);
const text = z.string().optional();

const attachmentObject = z.object({
  metadata,
  spec: z.object({
    nodeENI: z.object({ name: z.string(), uid: z.string() }),
    nodeName: z.string(),
    nodeUID: z.string(),
    instanceID: z.string(),
    zone: z.string().default(''),
    deviceIndex: z.number(),
    networkCardIndex: z.number(),
    subnetIDs: texts,
    subnetNames: texts,
    securityGroupIDs: texts,
    securityGroupNames: texts,
    deleteOnTermination: z.boolean().default(true),
    sourceDestCheck: z.boolean().default(true),
    description: z.string().default(''),
    tags: z.record(z.string(), z.string()).default({}),
    forceDetachAfterSeconds: z.number().optional(),
    paused: z.boolean().default(false),
  }),
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      eniID: text,
      attachmentID: text,
      macAddress: text,
      privateIP: text,
      subnetID: text,
      zone: text,
      workflowID: text,
      createOrdinal: z.number().optional(),
      observedGeneration: z.number().optional(),
      lastUpdated: text,
      attachedAt: text,
    })
    .default({}),
});

/** Reads a NodeENIAttachment. @throws ZodError when it is not one */
export function parseAttachment(raw: unknown): Attachment {
  const { metadata: meta, spec, status } = attachmentObject.parse(raw);
  const { eniID, attachmentID, privateIP, subnetID, workflowID, phase, reason, ...sameNames } = status;
  return {
    name: meta.name,
    uid: meta.uid,
    generation: meta.generation,
    createdAt: meta.creationTimestamp,
    deleting: Boolean(meta.deletionTimestamp),
    hasFinalizer: meta.finalizers.includes(ATTACHMENT_FINALIZER),
    released: meta.annotations[RELEASED_ANNOTATION] === 'true',
    spec: parseSpec(spec),
    status: {
      ...sameNames,
      phase: phase !== undefined && isPhase(phase) ? phase : undefined,
      reason: reason !== undefined && isReason(reason) ? reason : undefined,
      eniId: eniID,
      attachmentId: attachmentID,
      privateIp: privateIP,
      subnetId: subnetID,
      workflowId: workflowID,
    },
  };
}

function parseSpec(spec: z.infer<typeof attachmentObject>['spec']): AttachmentSpec {
  const { nodeENI, nodeUID, instanceID, subnetIDs, securityGroupIDs, forceDetachAfterSeconds, ...sameNames } = spec;
  return {
    ...sameNames,
    nodeEni: nodeENI,
    nodeUid: nodeUID,
    instanceId: instanceID,
    subnetIds: subnetIDs,
    securityGroupIds: securityGroupIDs,
    forceDetachAfterSeconds: forceDetachAfterSeconds ?? null,
  };
}

/** A spec as the API has it. */
export function specToWire(spec: AttachmentSpec): Record<string, unknown> {
  const { nodeEni, nodeUid, instanceId, subnetIds, securityGroupIds, forceDetachAfterSeconds, ...sameNames } = spec;
  return {
    ...sameNames,
    nodeENI: nodeEni,
    nodeUID: nodeUid,
    instanceID: instanceId,
    subnetIDs: subnetIds,
    securityGroupIDs: securityGroupIds,
    ...(forceDetachAfterSeconds === null ? {} : { forceDetachAfterSeconds }),
  };
}

/** A new NodeENIAttachment: its finalizer and its owner are in the create call itself. */
export function attachmentManifest(spec: AttachmentSpec): Record<string, unknown> {
  const { name, uid } = spec.nodeEni;
  return {
    apiVersion: `${GROUP}/${VERSION}`,
    kind: 'NodeENIAttachment',
    metadata: {
      name: attachmentName(spec.nodeName, spec.networkCardIndex, spec.deviceIndex),
      finalizers: [ATTACHMENT_FINALIZER],
      labels: { [ATTACHMENT_LABELS.nodeEniName]: name, [ATTACHMENT_LABELS.nodeEniUid]: uid },
      ownerReferences: [
        { apiVersion: `${GROUP}/${VERSION}`, kind: 'NodeENI', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: specToWire(spec),
  };
}
