import type { Attachment } from '../attachment.js';
import type { NodeEni } from '../node-eni.js';
import type { DesiredPair } from './desired.js';

/** A pair that cannot have its slot, and who has it. */
export interface Conflict {
  readonly pair: DesiredPair;
  readonly winner: string;
}

/**
 * Gives each slot to one NodeENI: to the one whose Attachment exists, else to the oldest (creationTimestamp, then name).
 */
export function slotWinners(
  pairs: readonly DesiredPair[],
  attachments: readonly Attachment[],
): { winners: DesiredPair[]; conflicts: Conflict[] } {
  const holders = new Map(attachments.map(({ name, spec }) => [name, spec.nodeEni]));
  const bySlot = Map.groupBy(pairs, (pair) => pair.name);
  const winners: DesiredPair[] = [];
  const conflicts: Conflict[] = [];
  for (const [slot, wanting] of bySlot) {
    const oldest = wanting.reduce((a, b) => (byAge(a.nodeEni, b.nodeEni) <= 0 ? a : b));
    const winner = holders.get(slot) ?? oldest.nodeEni;
    for (const pair of wanting) {
      if (pair.nodeEni.uid === winner.uid) winners.push(pair);
      else conflicts.push({ pair, winner: winner.name });
    }
  }
  return { winners, conflicts };
}

function byAge(a: NodeEni, b: NodeEni): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
