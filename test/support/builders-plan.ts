import type { Attachment, AttachmentSpec } from '../../src/domain/attachment.js';
import type { NodeEniSpec } from '../../src/domain/node-eni.js';
import { attachmentName } from '../../src/domain/names.js';
import { planAttachments, type AttachmentPlan, type ClusterView } from '../../src/domain/pairing/plan-attachments.js';
import { node, nodeEni, NOW } from './builders.js';

/** A view of a cluster: empty but for the changes. */
export function view(changes: Partial<ClusterView> = {}): ClusterView {
  return { nodes: [], nodeEnis: [], attachments: [], now: NOW, heldUntil: new Map(), ...changes };
}

/** The Attachment that the API server makes of a spec. */
export function stored(spec: AttachmentSpec, changes: Partial<Attachment> = {}): Attachment {
  const name = attachmentName(spec.nodeName, spec.networkCardIndex, spec.deviceIndex);
  return {
    name,
    uid: `uid-${spec.nodeEni.uid}-${spec.nodeUid}-${name}`,
    generation: 1,
    createdAt: new Date(NOW).toISOString(),
    deleting: false,
    hasFinalizer: true,
    released: false,
    status: {},
    ...changes,
    spec,
  };
}

/** What the API server holds once a plan is carried out. A removed Attachment stays, deleting, until it is released. */
export function carriedOut(before: ClusterView, plan: AttachmentPlan): ClusterView {
  const updated = new Map(plan.update.map(({ attachment, spec }) => [attachment.uid, spec]));
  const removed = new Set(plan.remove.map(({ attachment }) => attachment.uid));
  const finalized = new Set(plan.addFinalizer.map((nodeEni) => nodeEni.uid));
  const gone = new Set(plan.removeFinalizer.map((nodeEni) => nodeEni.uid));
  const kept = before.attachments.map((one) => {
    const spec = updated.get(one.uid) ?? one.spec;
    return { ...one, spec, deleting: one.deleting || removed.has(one.uid) };
  });
  const names = new Set(kept.map((one) => one.name));
  const created = plan.create.map((spec) => stored(spec)).filter((one) => !names.has(one.name));
  return {
    ...before,
    attachments: [...kept, ...created],
    nodeEnis: before.nodeEnis
      .filter((nodeEni) => !gone.has(nodeEni.uid))
      .map((nodeEni) => (finalized.has(nodeEni.uid) ? { ...nodeEni, hasFinalizer: true } : nodeEni)),
  };
}

/** A view with all Attachments that it wants, each one in the state given, Attached by default. */
export function settled(start: ClusterView, changes: Partial<Attachment> = {}): ClusterView {
  let now = start;
  for (let pass = 0; pass < 3; pass += 1) now = carriedOut(now, planAttachments(now));
  const status = { phase: 'Attached', eniId: 'eni-1', subnetId: 'subnet-a' } as const;
  return { ...now, attachments: now.attachments.map((one) => ({ ...one, status, ...changes })) };
}

/** A NodeENI on some nodes, with everything attached. */
export function fleet(count: number, spec: Partial<NodeEniSpec> = {}): ClusterView {
  const nodes = Array.from({ length: count }, (_, index) => node(index + 1));
  return settled(view({ nodes, nodeEnis: [nodeEni({ spec })] }));
}

/** The same with another spec of the NodeENI. */
export function edited(before: ClusterView, spec: Partial<NodeEniSpec>): ClusterView {
  return { ...before, nodeEnis: before.nodeEnis.map((one) => ({ ...one, spec: { ...one.spec, ...spec } })) };
}

/** How many writes a plan asks for. */
export function size(of: AttachmentPlan): number {
  return of.create.length + of.update.length + of.remove.length + of.addFinalizer.length + of.removeFinalizer.length;
}

/** The names of the nodes that a plan removes an Attachment of, with the cause. */
export function removals(plan: AttachmentPlan): string[] {
  return plan.remove.map(({ attachment, cause }) => `${attachment.name} ${cause}`);
}
