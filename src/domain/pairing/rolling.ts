import type { Attachment } from '../attachment.js';
import { maxUnavailable } from '../node-eni.js';
import { compare } from './compare.js';
import { pairKey, type DesiredPair } from './desired.js';

/**
 * Which Attachments with an old slot or subnet are replaced now. One that is not attached anyway costs nothing; of the
 * others only as many go as the NodeENI's `maxUnavailable` leaves, so that the roll-out stops while replaced ones fail.
 */
export function rollingReplacements(
  attachments: readonly Attachment[],
  byPair: ReadonlyMap<string, DesiredPair>,
): { attachment: Attachment; cause: 'replaced' }[] {
  const existing = new Map(attachments.map((one) => [pairKey(one.spec.nodeEni.uid, one.spec.nodeName), one]));
  const byNodeEni = Map.groupBy(byPair.values(), (pair) => pair.nodeEni.uid);
  return [...byNodeEni.values()].flatMap((pairs) => replacementsOf(pairs, existing));
}

function replacementsOf(
  pairs: readonly DesiredPair[],
  existing: ReadonlyMap<string, Attachment>,
): { attachment: Attachment; cause: 'replaced' }[] {
  const [first] = pairs;
  if (first === undefined || first.nodeEni.spec.updateStrategy.type === 'OnDelete') return [];
  const outdated: Attachment[] = [];
  let unavailable = 0;
  for (const pair of pairs) {
    const attachment = existing.get(pairKey(pair.nodeEni.uid, pair.node.name));
    if (attachment === undefined || !isAvailable(attachment)) unavailable += 1;
    if (attachment === undefined || attachment.deleting || pair.paused) continue;
    if (compare(attachment, pair) === 'replace') outdated.push(attachment);
  }
  const budget = Math.max(0, maxUnavailable(first.nodeEni.spec.updateStrategy, pairs.length) - unavailable);
  const down = outdated.filter((attachment) => !isAvailable(attachment));
  const up = outdated.filter(isAvailable).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [...down, ...up.slice(0, budget)].map((attachment) => ({ attachment, cause: 'replaced' }));
}

function isAvailable(attachment: Attachment): boolean {
  return !attachment.deleting && attachment.status.phase === 'Attached';
}
