import type { AttachmentSpec } from '../../domain/attachment.js';

/** The fields that can be changed under an ENI, by the name that a NodeENI gives them. */
const FIELDS = {
  securityGroupIDs: 'securityGroupIds',
  securityGroupNames: 'securityGroupNames',
  subnetIDs: 'subnetIds',
  subnetNames: 'subnetNames',
  deleteOnTermination: 'deleteOnTermination',
  sourceDestCheck: 'sourceDestCheck',
  description: 'description',
  tags: 'tags',
  detachPolicy: 'forceDetachAfterSeconds',
} as const satisfies Record<string, keyof AttachmentSpec>;

/** The fields of an Attachment's spec that will be others, each with its value before and after. */
export function changedFields(before: AttachmentSpec, after: AttachmentSpec): string[] {
  return Object.entries(FIELDS)
    .map(([name, key]) => ({ name, from: words(before[key]), to: words(after[key]) }))
    .filter(({ from, to }) => from !== to)
    .map(({ name, from, to }) => `${name}: ${from} -> ${to}`);
}

function words(value: AttachmentSpec[keyof AttachmentSpec]): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(' ');
  if (typeof value !== 'object' || value === null) return value === '' || value === null ? 'none' : String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? 'none' : entries.map(([key, text]) => `${key}=${text}`).join(' ');
}
