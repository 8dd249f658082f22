import type { Attachment } from '../attachment.js';
import type { EniFacts } from '../observation.js';
import { TAG_KEYS } from '../tags.js';

/**
 * The ENIs of the cluster that no Attachment has: neither by its UID, nor on record in its status, nor as one that it will
 * adopt since it has none yet.
 *
 * @param attachments - listed after the ENIs: each had its Attachment before it was made
 */
export function unownedEnis(enis: readonly EniFacts[], attachments: readonly Attachment[]): EniFacts[] {
  const uids = new Set(attachments.map(({ uid }) => uid));
  const onRecord = new Set(attachments.map(({ status }) => status.eniId));
  const wanting = new Set(
    attachments
      .filter(({ status }) => status.eniId === undefined)
      .map(({ spec }) => pair(spec.nodeEni.name, spec.nodeName)),
  );
  return enis.filter(
    ({ eniId, tags }) =>
      !uids.has(tags[TAG_KEYS.attachmentUid] ?? '') &&
      !onRecord.has(eniId) &&
      !wanting.has(pair(tags[TAG_KEYS.nodeEni] ?? '', tags[TAG_KEYS.node] ?? '')),
  );
}

function pair(nodeEniName: string, nodeName: string): string {
  return `${nodeEniName}/${nodeName}`;
}
