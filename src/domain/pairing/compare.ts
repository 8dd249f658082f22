import type { Attachment, AttachmentSpec } from '../attachment.js';
import type { DesiredPair } from './desired.js';

/**
 * How an existing Attachment stands to what is desired of its pair.
 * - `asWanted`: nothing to do.
 * - `inPlace`: the spec can be changed under the ENI.
 * - `replace`: slot or subnet changed: another ENI, at a pace.
 * - `otherNode`: the node of this name is another machine: another ENI, at once.
 */
export type Difference = 'asWanted' | 'inPlace' | 'replace' | 'otherNode';

/** Compares an Attachment with the pair that should exist in its place. */
export function compare(attachment: Attachment, pair: DesiredPair): Difference {
  const { spec } = attachment;
  if (spec.nodeUid !== pair.spec.nodeUid || spec.instanceId !== pair.spec.instanceId) return 'otherNode';
  if (attachment.name !== pair.name || !subnetStays(attachment, pair.spec)) return 'replace';
  return sameSpec(spec, pair.spec) ? 'asWanted' : 'inPlace';
}

/** The ENI may stay while its subnet is still a candidate, or while none was chosen yet. */
function subnetStays(attachment: Attachment, wanted: AttachmentSpec): boolean {
  const { spec, status } = attachment;
  const same = equal(spec.subnetIds, wanted.subnetIds) && equal(spec.subnetNames, wanted.subnetNames);
  if (same) return true;
  if (status.eniId === undefined) return true;
  return status.subnetId !== undefined && wanted.subnetIds.includes(status.subnetId);
}

function sameSpec(a: AttachmentSpec, b: AttachmentSpec): boolean {
  return equal(sorted(a), sorted(b));
}

function sorted(spec: AttachmentSpec): unknown {
  return { ...spec, tags: Object.entries(spec.tags).sort(([a], [b]) => (a < b ? -1 : 1)) };
}

function equal(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
