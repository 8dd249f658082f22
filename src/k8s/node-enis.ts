import type { NodeEni } from '../domain/node-eni.js';
import type { NodeEniStatus } from '../domain/node-eni-status.js';
import { NODE_ENI_FINALIZER } from '../domain/names.js';
import type { Kubernetes } from './client.js';
import { type WireCondition, withTimes } from './conditions.js';
import { isConflict, isNotFound } from './errors.js';
import { type Json, mergePatch } from './merge.js';
import { Resource } from './resources.js';

interface RawNodeEni {
  readonly metadata: {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
  readonly status?: Json & { readonly conditions?: readonly WireCondition[] };
}

/** The NodeENIs of a cluster. Methods have no effect on an object that is gone or of another UID. */
export interface NodeEniClient {
  /** Never on an object that is being deleted. Returns the raw object, or null where nothing was written. */
  addFinalizer(nodeEni: NodeEni): Promise<unknown>;
  removeFinalizer(nodeEni: NodeEni): Promise<unknown>;
  /** Writes what differs; conditions keep their times while their status stays. */
  writeStatus(nodeEni: NodeEni, status: NodeEniStatus): Promise<void>;
}

/** Makes the client. */
export function createNodeEniClient(kubernetes: Kubernetes): NodeEniClient {
  const resource = new Resource(kubernetes, 'nodeenis');
  return {
    addFinalizer: async (nodeEni) =>
      changeFinalizers(resource, nodeEni, (finalizers, deleting) =>
        deleting || finalizers.includes(NODE_ENI_FINALIZER) ? null : [...finalizers, NODE_ENI_FINALIZER],
      ),
    removeFinalizer: async (nodeEni) =>
      changeFinalizers(resource, nodeEni, (finalizers) =>
        finalizers.includes(NODE_ENI_FINALIZER) ? finalizers.filter((one) => one !== NODE_ENI_FINALIZER) : null,
      ),
    writeStatus: async (nodeEni, status) => writeStatus(resource, nodeEni, status),
  };
}

/** A conflict is left to the next pass of the watcher, which sees what the other writer wrote. */
async function changeFinalizers(
  resource: Resource,
  { name, uid }: NodeEni,
  change: (finalizers: readonly string[], deleting: boolean) => readonly string[] | null,
): Promise<unknown> {
  try {
    const { metadata } = (await resource.get(name)) as RawNodeEni;
    const finalizers = change(metadata.finalizers ?? [], metadata.deletionTimestamp !== undefined);
    if (metadata.uid !== uid || finalizers === null) return null;
    return await resource.patch(name, { metadata: { uid, resourceVersion: metadata.resourceVersion, finalizers } });
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

async function writeStatus(resource: Resource, { name, uid }: NodeEni, status: NodeEniStatus): Promise<void> {
  try {
    const current = (await resource.get(name)) as RawNodeEni;
    if (current.metadata.uid !== uid) return;
    const before = current.status ?? {};
    const conditions = withTimes(status.conditions, before.conditions ?? [], new Date().toISOString());
    const patch = mergePatch(before, { ...status, conditions });
    if (Object.keys(patch).length > 0) await resource.patchStatus(name, { metadata: { uid }, status: patch });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
