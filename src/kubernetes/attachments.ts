import type { CustomObjectsApi } from '@kubernetes/client-node';

import type { Attachment, AttachmentSpec } from '../domain/attachment.js';
import type { DesiredStatus, Trouble } from '../domain/attachment-status.js';
import { ATTACHMENT_FINALIZER, ATTACHMENT_LABELS, RELEASED_ANNOTATION } from '../domain/names.js';
import type { AttachmentStore } from '../domain/ports.js';
import { rfc3339 } from './clock.js';
import { attachmentManifest, labelsOf, mutableSpecToWire } from './manifest.js';
import { parseMetadata } from './metadata.js';
import { CustomObjects, type ObjectRef, type Part, type Patch } from './objects.js';
import { parseAttachment } from './schema.js';
import { statusPatch } from './status-patch.js';

/** What the clients of our kinds are made of. */
export interface ObjectClientOptions {
  readonly custom: CustomObjectsApi;
  /** Is given the object as the server answers it to a write of this part: for an informer's `upsert`, and to count. */
  readonly onWritten?: (raw: unknown, part: Part) => void;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** The Attachments in the API server: what workflows need, and what the watcher does besides. */
export class AttachmentClient implements AttachmentStore {
  readonly #objects: CustomObjects;
  readonly #now: () => number;

  constructor({ custom, onWritten, now = Date.now }: ObjectClientOptions) {
    this.#objects = new CustomObjects(custom, 'nodeeniattachments', onWritten);
    this.#now = now;
  }

  async get(name: string): Promise<Attachment | null> {
    const raw = await this.#objects.get(name);
    return raw === null ? null : parseAttachment(raw);
  }

  async uidsOfNode(nodeName: string): Promise<readonly string[]> {
    const raws = await this.#objects.list({ fieldSelector: `spec.nodeName=${nodeName}` });
    return raws.map((raw) => parseMetadata(raw).uid);
  }

  async writeStatus(target: ObjectRef, status: DesiredStatus): Promise<void> {
    const build = (raw: unknown): Patch | null => statusPatch(raw, status, rfc3339(this.#now()));
    await this.#objects.modify(target, build, 'status');
  }

  async noteTrouble(target: ObjectRef, { reason, message }: Trouble): Promise<void> {
    const build = (raw: unknown): Patch | null => {
      const { status } = parseAttachment(raw);
      if (status.reason === reason) return null;
      const noted = { ...status, phase: status.phase ?? 'Pending', reason, message };
      return statusPatch(raw, noted, rfc3339(this.#now()));
    };
    await this.#objects.modify(target, build, 'status');
  }

  async release(target: ObjectRef): Promise<void> {
    await this.#objects.modify(target, releasePatch, 'object');
  }

  /** Makes the pair's Attachment; `exists` when one holds the slot already, of this pair or another. */
  async create(spec: AttachmentSpec): Promise<Attachment | 'exists'> {
    const raw = await this.#objects.create(attachmentManifest(spec));
    return raw === null ? 'exists' : parseAttachment(raw);
  }

  /** Writes what may change under an ENI, and the labels. No effect when the Attachment of this UID is gone. */
  async updateSpec(target: ObjectRef, spec: AttachmentSpec): Promise<void> {
    await this.#objects.modify(target, (raw) => specPatch(raw, spec), 'object');
  }

  /** Deletes the Attachment; it goes when it is released. No effect when the one of this UID is gone. */
  async delete(target: ObjectRef): Promise<void> {
    await this.#objects.delete(target);
  }

  /** The Attachments that exist now of a NodeENI, by a consistent read. */
  async listByNodeEniUid(uid: string): Promise<Attachment[]> {
    const raws = await this.#objects.list({ labelSelector: `${ATTACHMENT_LABELS.nodeEniUid}=${uid}` });
    return raws.map(parseAttachment);
  }

  /** The Attachments that exist now of a node, by a consistent read. */
  async listByNode(nodeName: string): Promise<Attachment[]> {
    return (await this.#objects.list({ fieldSelector: `spec.nodeName=${nodeName}` })).map(parseAttachment);
  }

  /** All Attachments that exist now, by a consistent read. */
  async listAll(): Promise<Attachment[]> {
    return (await this.#objects.list({})).map(parseAttachment);
  }
}

function releasePatch(raw: unknown): Patch | null {
  const { finalizers, annotations } = parseMetadata(raw);
  const rest = finalizers.filter((finalizer) => finalizer !== ATTACHMENT_FINALIZER);
  if (rest.length === finalizers.length && annotations[RELEASED_ANNOTATION] === 'true') return null;
  return { metadata: { finalizers: rest, annotations: { [RELEASED_ANNOTATION]: 'true' } } };
}

/** A merge patch merges maps, so that tags which are to go are named. */
function specPatch(raw: unknown, spec: AttachmentSpec): Patch {
  const gone = Object.keys(parseAttachment(raw).spec.tags).filter((key) => !Object.hasOwn(spec.tags, key));
  const tags = { ...spec.tags, ...Object.fromEntries(gone.map((key) => [key, null])) };
  return { metadata: { labels: labelsOf(spec) }, spec: { ...mutableSpecToWire(spec), tags } };
}
