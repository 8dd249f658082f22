import { z } from 'zod';
import { NODE_ENI_FINALIZER } from '../domain/names.js';
import type { NodeEni } from '../domain/node-eni.js';
import { isPaused, metadata } from './metadata.js';

/** Fields of earlier controllers that are accepted and not handled yet. */
const UNHANDLED = ['mtu', 'enableDPDK', 'dpdkEnabled', 'dpdkDriver', 'dpdkResourceName', 'dpdkPCIAddress'] as const;

const texts = z.array(z.string()).default([]);

/** The defaults are the CRD's; they are here again for objects from before a default was there. */
const nodeEniObject = z.object({
  metadata,
  spec: z.looseObject({
    nodeSelector: z.record(z.string(), z.string()),
    subnetID: z.string().optional(),
    subnetIDs: texts,
    subnetNames: texts,
    securityGroupIDs: texts,
    securityGroupNames: texts,
    deviceIndex: z.number().default(1),
    networkCardIndex: z.number().default(0),
    deleteOnTermination: z.boolean().default(true),
    sourceDestCheck: z.boolean().default(true),
    description: z.string().default(''),
    tags: z.record(z.string(), z.string()).default({}),
    detachPolicy: z
      .object({
        type: z.enum(['Graceful', 'ForceAfterTimeout']).default('Graceful'),
        timeoutSeconds: z.number().default(600),
      })
      .default({ type: 'Graceful', timeoutSeconds: 600 }),
    updateStrategy: z
      .object({
        type: z.enum(['RollingUpdate', 'OnDelete']).default('RollingUpdate'),
        maxUnavailable: z.union([z.number(), z.string()]).default(1),
      })
      .default({ type: 'RollingUpdate', maxUnavailable: 1 }),
  }),
});

/** Reads a NodeENI. @throws ZodError when it is not one */
export function parseNodeEni(raw: unknown): NodeEni {
  const { metadata: meta, spec } = nodeEniObject.parse(raw);
  const { subnetID, subnetIDs, securityGroupIDs, nodeSelector, subnetNames, securityGroupNames } = spec;
  const { deviceIndex, networkCardIndex, deleteOnTermination, sourceDestCheck, description, tags } = spec;
  return {
    name: meta.name,
    uid: meta.uid,
    generation: meta.generation,
    createdAt: meta.creationTimestamp,
    deleting: Boolean(meta.deletionTimestamp),
    paused: isPaused(meta.annotations),
    hasFinalizer: meta.finalizers.includes(NODE_ENI_FINALIZER),
    unhandledFields: UNHANDLED.filter((field) => spec[field] !== undefined && spec[field] !== null),
    spec: {
      nodeSelector,
      subnetIds: [...new Set([...(subnetID === undefined ? [] : [subnetID]), ...subnetIDs])],
      subnetNames,
      securityGroupIds: [...new Set(securityGroupIDs)],
      securityGroupNames,
      deviceIndex,
      networkCardIndex,
      deleteOnTermination,
      sourceDestCheck,
      description,
      tags,
      detachPolicy: spec.detachPolicy,
      updateStrategy: spec.updateStrategy,
    },
  };
}
