import type { Attachment, AttachmentSpec } from '../domain/attachment.js';
import type { DesiredStatus } from '../domain/attachment-status.js';
import { ATTACHMENT_FINALIZER, ATTACHMENT_LABELS, RELEASED_ANNOTATION } from '../domain/names.js';
import type { AttachmentStore } from '../domain/ports.js';
import { attachmentManifest, parseAttachment, specToWire } from './attachment.js';
import { statusPatch } from './attachment-status.js';
import type { Kubernetes } from './client.js';
import { isConflict, isNotFound } from './errors.js';
import { type Json, mergePatch } from './merge.js';
import { Resource } from './resources.js';

/** Which object is meant: another of the same name is left alone. */
export interface ObjectRef {
  readonly name: string;
  readonly uid: string;
}

/** The NodeENIAttachments of a cluster: what the workflows need, and what the watcher needs. */
export interface AttachmentClient extends AttachmentStore {
  /** Returns the raw object; null when an object of the name exists. */
  create(spec: AttachmentSpec): Promise<unknown>;
  updateSpec(attachment: Attachment, spec: AttachmentSpec): Promise<unknown>;
  remove(ref: ObjectRef): Promise<unknown>;
  countOwnedBy(nodeEniUid: string): Promise<number>;
}

/** Makes the client; every method reads and writes live. */
export function createAttachmentClient(kubernetes: Kubernetes): AttachmentClient {
  const resource = new Resource(kubernetes, 'nodeeniattachments');
  return {
    get: async (name) => absentAs(null, async () => parseAttachment(await resource.get(name))),
    uidsOfNode: async (nodeName) => {
      const items = await resource.list({ fieldSelector: `spec.nodeName=${nodeName}` });
      return items.map((raw) => parseAttachment(raw).uid);
    },
    countOwnedBy: async (uid) =>
      (await resource.list({ labelSelector: `${ATTACHMENT_LABELS.nodeEniUid}=${uid}` })).length,
    writeStatus: async (ref, status) => writeStatus(resource, ref, status),
    release: async (ref) => release(resource, ref),
    create: async (spec) => {
      try {
        return await resource.create(attachmentManifest(spec));
      } catch (error) {
        if (isConflict(error)) return null;
        throw error;
      }
    },
    updateSpec: async ({ name, uid, spec: before }, spec) => {
      const patch = mergePatch(specToWire(before), specToWire(spec));
      return absentAs(null, () => resource.patch(name, { metadata: { uid }, spec: patch }));
    },
    remove: async ({ name, uid }) => absentAs(null, () => resource.delete(name, uid)),
  };
}

async function writeStatus(resource: Resource, { name, uid }: ObjectRef, status: DesiredStatus): Promise<void> {
  await absentAs(undefined, async () => {
    const current = (await resource.get(name)) as { metadata: { uid: string }; status?: Json };
    if (current.metadata.uid !== uid) return;
    const patch = statusPatch(current.status ?? {}, status, new Date().toISOString());
    if (patch !== null) await resource.patchStatus(name, { metadata: { uid }, status: patch });
  });
}

/** Tries at most this often when other writers are always first; the activity is retried after that. */
const RELEASE_TRIES = 5;

async function release(resource: Resource, { name, uid }: ObjectRef): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const raw = (await resource.get(name)) as {
        metadata: { uid: string; resourceVersion: string; finalizers?: string[] };
      };
      const { finalizers = [], resourceVersion } = raw.metadata;
      if (raw.metadata.uid !== uid || !finalizers.includes(ATTACHMENT_FINALIZER)) return;
      const rest = finalizers.filter((one) => one !== ATTACHMENT_FINALIZER);
      const annotations = { [RELEASED_ANNOTATION]: 'true' };
      await resource.patch(name, { metadata: { uid, resourceVersion, finalizers: rest, annotations } });
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error) || tries === RELEASE_TRIES) throw error;
    }
  }
}

/** An object that is gone, or replaced by another of its name, is nothing to write to. */
async function absentAs<T, N>(nothing: N, call: () => Promise<T>): Promise<T | N> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return nothing;
    throw error;
  }
}
