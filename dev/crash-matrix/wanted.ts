import { isDeepStrictEqual } from 'node:util';

import { TAG_KEYS } from '../../src/domain/tags.js';
import type { Ec2Eni } from '../stack/ec2-types.js';
import type { AttachmentObject, NodeEniObject } from '../world/objects.js';
import { isLast, type Phase } from './calls.js';

/** What an ENI looks like at the end of a phase, in the words of a NodeENI's spec. */
export interface Wanted {
  readonly subnetID: string;
  readonly deviceIndex: number;
  readonly securityGroupIDs: readonly string[];
  readonly description: string;
  readonly sourceDestCheck: boolean;
  readonly deleteOnTermination: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** All that there is of one pair. */
export interface Present {
  readonly nodeEni: NodeEniObject | undefined;
  readonly attachments: readonly AttachmentObject[];
  readonly enis: readonly Ec2Eni[];
}

/** What is still missing at the end of a phase; null when everything is as it should be. */
export function missing(phase: Phase, wanted: Wanted, present: Present): string | null {
  return isLast(phase) ? leftOver(present) : (missingOfEni(wanted, present) ?? missingOfObjects(present));
}

function leftOver({ nodeEni, attachments, enis }: Present): string | null {
  const left = [...(nodeEni ? ['NodeENI'] : []), ...attachments.map(() => 'Attachment'), ...enis.map(({ id }) => id)];
  return left.length > 0 ? `still there: ${left.join(', ')}` : null;
}

function missingOfEni(wanted: Wanted, { enis, attachments }: Present): string | null {
  const [eni, ...moreEnis] = enis;
  const [attachment, ...moreAttachments] = attachments;
  if (eni === undefined || moreEnis.length > 0) return `${enis.length} ENIs`;
  if (attachment === undefined || moreAttachments.length > 0) return `${attachments.length} Attachments`;
  const actual: Wanted = {
    subnetID: eni.subnetId,
    deviceIndex: eni.attachment?.deviceIndex ?? -1,
    securityGroupIDs: eni.groups,
    description: eni.description,
    sourceDestCheck: eni.sourceDestCheck,
    deleteOnTermination: eni.attachment?.deleteOnTermination ?? false,
    tags: Object.fromEntries(Object.keys(wanted.tags).map((key) => [key, eni.tags[key] ?? 'none'])),
  };
  if (!isDeepStrictEqual(actual, wanted)) return `the ENI is ${JSON.stringify(actual)}`;
  const owner = eni.tags[TAG_KEYS.attachmentUid];
  return owner === attachment.metadata.uid ? null : `the ENI carries the UID of another Attachment: ${owner ?? 'none'}`;
}

function missingOfObjects({ nodeEni, attachments }: Present): string | null {
  for (const attachment of attachments) {
    const { phase, observedGeneration } = attachment.status ?? {};
    if (phase !== 'Attached') return `the Attachment is ${phase ?? 'without phase'}`;
    if (observedGeneration !== attachment.metadata.generation) return 'the Attachment is not up to date';
  }
  return nodeEni?.status?.attached === 1 && isCurrent(nodeEni) ? null : 'the status of the NodeENI is not up to date';
}

/** The counts speak of this generation, and the pair is up to date in them. */
function isCurrent({ metadata, status }: NodeEniObject): boolean {
  return status?.observedGeneration === metadata.generation && status?.updated === 1;
}
