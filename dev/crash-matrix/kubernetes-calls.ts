import { z } from 'zod';

import { GROUP, NODE_ENI_FINALIZER, VERSION } from '../../src/domain/names.js';
import type { AttachmentClient } from '../../src/kubernetes/attachments.js';
import type { NodeEniClient } from '../../src/kubernetes/node-enis.js';
import type { GateRequest } from '../stack/api-gate.js';
import type { Call } from './calls.js';

type Reads = 'get' | 'uidsOfNode' | `list${string}`;

/** What the writes of the controller are called here, method by method; the types make a new method have a name. */
export const WRITES = {
  attachment: {
    create: 'create Attachment',
    updateSpec: 'update Attachment',
    delete: 'delete Attachment',
    release: 'release Attachment',
    writeStatus: 'Attachment status',
    // Of a quiet life it is no part: it is the same write, with less in it.
    noteTrouble: 'Attachment status',
  } satisfies Record<Exclude<keyof AttachmentClient, Reads>, string>,
  nodeEni: {
    addFinalizer: 'add finalizer of NodeENI',
    removeFinalizer: 'remove finalizer of NodeENI',
    writeStatus: 'NodeENI status',
  } satisfies Record<keyof NodeEniClient, string>,
} as const;

/** What the write of an Event is called, before its reason. */
export const EVENT = 'Event';

/** Writes during which the watcher does nothing else: two pairs cannot be held in them at a time. */
const OF_A_PASS: ReadonlySet<string> = new Set([
  WRITES.attachment.create,
  WRITES.attachment.updateSpec,
  WRITES.attachment.delete,
  WRITES.nodeEni.addFinalizer,
  WRITES.nodeEni.removeFinalizer,
]);

/** True for a write that holds up the watcher's whole pass. */
export function holdsUpWatcher(what: string): boolean {
  return OF_A_PASS.has(what);
}

const written = z.looseObject({
  metadata: z.looseObject({ name: z.string().optional(), finalizers: z.array(z.string()).optional() }).optional(),
  status: z.looseObject({ phase: z.string().optional() }).optional(),
});

const told = z.looseObject({ reason: z.string(), involvedObject: z.looseObject({ name: z.string() }) });

type Written = z.infer<typeof written>;

/** The token of the Events about a NodeENI. */
export function eventsOf(nodeEni: string): string {
  return `events/${nodeEni}`;
}

/** Reads a write to one of our kinds, or of an Event; null for anything else. */
export function kubernetesWrite({ method, path, body }: GateRequest): Call | null {
  const [plain = ''] = path.split('?');
  if (method === 'POST' && plain.endsWith('/events')) return event(body);
  const [plural, nameInPath, part] = plain.replace(`/apis/${GROUP}/${VERSION}/`, '').split('/');
  if (method === 'GET' || (plural !== 'nodeenis' && plural !== 'nodeeniattachments')) return null;
  const object = body === '' ? {} : written.parse(JSON.parse(body));
  const name = nameInPath ?? object.metadata?.name ?? '';
  const what = plural === 'nodeenis' ? ofNodeEni(part, object) : ofAttachment(method, part, object);
  return { service: 'Kubernetes', what, isWrite: true, tokens: [`${plural}/${name}`] };
}

function event(body: string): Call {
  const { reason, involvedObject } = told.parse(JSON.parse(body));
  const tokens = [eventsOf(involvedObject.name)];
  return { service: 'Kubernetes', what: `${EVENT}: ${reason}`, isWrite: true, tokens };
}

function ofNodeEni(part: string | undefined, { metadata }: Written): string {
  if (part === 'status') return WRITES.nodeEni.writeStatus;
  const adds = metadata?.finalizers?.includes(NODE_ENI_FINALIZER) === true;
  return adds ? WRITES.nodeEni.addFinalizer : WRITES.nodeEni.removeFinalizer;
}

function ofAttachment(method: string, part: string | undefined, { metadata, status }: Written): string {
  const { create, updateSpec, delete: remove, release, writeStatus } = WRITES.attachment;
  if (method === 'POST') return create;
  if (method === 'DELETE') return remove;
  if (part === 'status') return status?.phase === undefined ? writeStatus : `${writeStatus}: ${status.phase}`;
  return metadata?.finalizers === undefined ? updateSpec : release;
}
