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
  return same(spec, pair.spec) ? 'asWanted' : 'inPlace';
}

/** The ENI may stay while its subnet is still a candidate, or while none was chosen yet. */
function subnetStays(attachment: Attachment, wanted: AttachmentSpec): boolean {
  const { spec, status } = attachment;
  if (status.subnetId !== undefined && wanted.subnetNames.length === 0)
    return wanted.subnetIds.includes(status.subnetId);
  if (same(spec.subnetIds, wanted.subnetIds) && same(spec.subnetNames, wanted.subnetNames)) return true;
  if (status.eniId === undefined) return true;
  return status.subnetId !== undefined && wanted.subnetIds.includes(status.subnetId);
}

/**
 * Deep equality of plain data; the order of keys does not matter. By hand, since every pair is compared in every pass of
 * the watcher: by way of JSON it was most of the watcher's time.
 */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && same(left[key], right[key]));
}
