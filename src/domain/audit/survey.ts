import type { Attachment } from '../attachment.js';
import type { EniFacts } from '../observation.js';
import { TAG_KEYS } from '../tags.js';
import { DRIFTS, driftOf, type Drift, type Finding } from './drift.js';
import { unownedEnis } from './unowned.js';

/** What is in EC2 and in Kubernetes: two complete lists. */
export interface Listing {
  readonly clusterName: string;
  /** Every ENI with the cluster's tag. */
  readonly enis: readonly EniFacts[];
  /** When that list was begun, epoch milliseconds. */
  readonly listedAt: number;
  /** Every Attachment, listed afterwards. */
  readonly attachments: readonly Attachment[];
}

/** What an audit finds in them. */
export interface Survey {
  /** The pairs that have to look again. */
  readonly findings: readonly Finding[];
  /** ENIs without an Attachment that hang on nothing: leaked, if they stay so. */
  readonly available: readonly EniFacts[];
  /** ENIs without an Attachment on an instance: reported, never touched. */
  readonly attached: readonly EniFacts[];
}

/** Compares what is with what should be. Pure: it takes both lists as complete, the caller sees to that. */
export function survey(listing: Listing): Survey {
  const { enis, attachments } = listing;
  const byUid = Map.groupBy(enis, ({ tags }) => tags[TAG_KEYS.attachmentUid] ?? '');
  const findings = attachments
    .map((attachment) => ({ attachment, drifts: driftOf(attachment, byUid.get(attachment.uid) ?? [], listing) }))
    .filter(({ drifts }) => drifts.length > 0);
  const unowned = unownedEnis(enis, attachments);
  return {
    findings,
    available: unowned.filter(({ attachment }) => attachment === null),
    attached: unowned.filter(({ attachment }) => attachment !== null),
  };
}

/** How many findings there are of each kind; kinds without one are left out. */
export function countDrifts(findings: readonly Finding[]): Partial<Record<Drift, number>> {
  const all = findings.flatMap(({ drifts }) => drifts);
  const counted = DRIFTS.map((drift) => [drift, all.filter((one) => one === drift).length] as const);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}
