import { z } from 'zod';
import type { ClusterNode } from '../domain/node.js';
import { isPaused, metadata } from './metadata.js';

const nodeObject = z.object({
  metadata,
  spec: z.object({ providerID: z.string().default('') }).default({ providerID: '' }),
});

/** Reads a Node. @throws ZodError when it is not one */
export function parseNode(raw: unknown): ClusterNode {
  const { metadata: meta, spec } = nodeObject.parse(raw);
  return {
    name: meta.name,
    uid: meta.uid,
    labels: meta.labels,
    providerId: spec.providerID,
    paused: isPaused(meta.annotations),
    deleting: Boolean(meta.deletionTimestamp),
  };
}
