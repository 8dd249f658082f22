import { z } from 'zod';

import type { Attachment, AttachmentSpec, AttachmentStatus } from '../domain/attachment.js';
import { ATTACHMENT_FINALIZER, NODE_ENI_FINALIZER, RELEASED_ANNOTATION } from '../domain/names.js';
import type { NodeEni } from '../domain/node-eni.js';
import type { ClusterNode } from '../domain/node.js';
import { PHASES } from '../domain/phase.js';
import { isReason } from '../domain/reasons.js';
import { isDeleting, isPaused, metadata, stringList, stringMap, timestamp } from './metadata.js';

const node = z.object({
  metadata,
  spec: z.object({ providerID: z.string().nullish() }).nullish(),
});

/** Reads a Node. @throws ZodError */
export function parseNode(raw: unknown): ClusterNode {
  const { metadata: meta, spec } = node.parse(raw);
  return {
    name: meta.name,
    uid: meta.uid,
    labels: meta.labels,
    providerId: spec?.providerID ?? '',
    paused: isPaused(meta.annotations),
    deleting: isDeleting(meta),
  };
}

/** Fields of earlier controllers. */
const UNHANDLED = ['mtu', 'enableDPDK', 'dpdkEnabled', 'dpdkDriver', 'dpdkResourceName', 'dpdkPCIAddress'] as const;

const DETACH_POLICY = { type: 'Graceful', timeoutSeconds: 600 } as const;
const UPDATE_STRATEGY = { type: 'RollingUpdate', maxUnavailable: 1 } as const;

const detachPolicy = z.object({
  type: z.enum(['Graceful', 'ForceAfterTimeout']).default(DETACH_POLICY.type),
  timeoutSeconds: z.number().default(DETACH_POLICY.timeoutSeconds),
});

const updateStrategy = z.object({
  type: z.enum(['RollingUpdate', 'OnDelete']).default(UPDATE_STRATEGY.type),
  maxUnavailable: z.union([z.number(), z.string()]).default(UPDATE_STRATEGY.maxUnavailable),
});

const nodeEni = z.object({
  metadata,
  spec: z.looseObject({
    nodeSelector: z.record(z.string(), z.string()),
    subnetID: z.string().nullish(),
    subnetIDs: stringList,
    subnetNames: stringList,
    securityGroupIDs: stringList,
    securityGroupNames: stringList,
    deviceIndex: z.number().default(1),
    networkCardIndex: z.number().default(0),
    deleteOnTermination: z.boolean().default(true),
    sourceDestCheck: z.boolean().default(true),
    description: z.string().default(''),
    tags: stringMap,
    detachPolicy: detachPolicy.default(DETACH_POLICY),
    updateStrategy: updateStrategy.default(UPDATE_STRATEGY),
  }),
});

/** Reads a NodeENI, with the API's defaults where they are missing. @throws ZodError */
export function parseNodeEni(raw: unknown): NodeEni {
  const { metadata: meta, spec } = nodeEni.parse(raw);
  const first = spec.subnetID === undefined || spec.subnetID === null ? [] : [spec.subnetID];
  return {
    name: meta.name,
    uid: meta.uid,
    generation: meta.generation,
    createdAt: meta.creationTimestamp,
    deleting: isDeleting(meta),
    paused: isPaused(meta.annotations),
    hasFinalizer: meta.finalizers.includes(NODE_ENI_FINALIZER),
    spec: {
      nodeSelector: spec.nodeSelector,
      subnetIds: [...new Set([...first, ...spec.subnetIDs])],
      subnetNames: spec.subnetNames,
      securityGroupIds: spec.securityGroupIDs,
      securityGroupNames: spec.securityGroupNames,
      deviceIndex: spec.deviceIndex,
      networkCardIndex: spec.networkCardIndex,
      deleteOnTermination: spec.deleteOnTermination,
      sourceDestCheck: spec.sourceDestCheck,
      description: spec.description,
      tags: spec.tags,
      detachPolicy: spec.detachPolicy,
      updateStrategy: spec.updateStrategy,
    },
    unhandledFields: UNHANDLED.filter((field) => spec[field] !== undefined && spec[field] !== null),
  };
}

const attachmentSpec = z
  .object({
    nodeENI: z.object({ name: z.string(), uid: z.string() }),
    nodeName: z.string(),
    nodeUID: z.string(),
    instanceID: z.string(),
    zone: z.string().default(''),
    deviceIndex: z.number(),
    networkCardIndex: z.number(),
    subnetIDs: stringList,
    subnetNames: stringList,
    securityGroupIDs: stringList,
    securityGroupNames: stringList,
    deleteOnTermination: z.boolean().default(true),
    sourceDestCheck: z.boolean().default(true),
    description: z.string().default(''),
    tags: stringMap,
    forceDetachAfterSeconds: z.number().nullish(),
    paused: z.boolean().default(false),
  })
  .transform((spec): AttachmentSpec => ({
    nodeEni: spec.nodeENI,
    nodeName: spec.nodeName,
    nodeUid: spec.nodeUID,
    instanceId: spec.instanceID,
    zone: spec.zone,
    deviceIndex: spec.deviceIndex,
    networkCardIndex: spec.networkCardIndex,
    subnetIds: spec.subnetIDs,
    subnetNames: spec.subnetNames,
    securityGroupIds: spec.securityGroupIDs,
    securityGroupNames: spec.securityGroupNames,
    deleteOnTermination: spec.deleteOnTermination,
    sourceDestCheck: spec.sourceDestCheck,
    description: spec.description,
    tags: spec.tags,
    forceDetachAfterSeconds: spec.forceDetachAfterSeconds ?? null,
    paused: spec.paused,
  }));

/** Absent, null, and what is not understood (of another version) are all undefined. */
const text = z.string().optional().catch(undefined);
const count = z.number().optional().catch(undefined);
const time = timestamp.optional().catch(undefined);

const attachmentStatus = z
  .object({
    phase: z.enum(PHASES).optional().catch(undefined),
    reason: text.transform((value) => (value !== undefined && isReason(value) ? value : undefined)),
    message: text,
    eniID: text,
    attachmentID: text,
    macAddress: text,
    privateIP: text,
    subnetID: text,
    zone: text,
    securityGroupIDs: z.array(z.string()).optional().catch(undefined),
    workflowID: text,
    createOrdinal: count,
    observedGeneration: count,
    lastUpdated: time,
    attachedAt: time,
  })
  .transform(
    ({ eniID, attachmentID, privateIP, subnetID, securityGroupIDs, workflowID, ...same }): AttachmentStatus => ({
      ...same,
      eniId: eniID,
      attachmentId: attachmentID,
      privateIp: privateIP,
      subnetId: subnetID,
      securityGroupIds: securityGroupIDs,
      workflowId: workflowID,
    }),
  );

const attachment = z.object({
  metadata,
  spec: attachmentSpec,
  status: z
    .unknown()
    .optional()
    .transform((status) => attachmentStatus.parse(status ?? {})),
});

/** Reads a NodeENIAttachment. @throws ZodError */
export function parseAttachment(raw: unknown): Attachment {
  const { metadata: meta, spec, status } = attachment.parse(raw);
  return {
    name: meta.name,
    uid: meta.uid,
    generation: meta.generation,
    createdAt: meta.creationTimestamp,
    deleting: isDeleting(meta),
    hasFinalizer: meta.finalizers.includes(ATTACHMENT_FINALIZER),
    released: meta.annotations[RELEASED_ANNOTATION] === 'true',
    spec,
    status,
  };
}
