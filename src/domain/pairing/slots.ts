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
  const bySlot = new Map<string, DesiredPair[]>();
  for (const pair of pairs) bySlot.set(pair.name, [...(bySlot.get(pair.name) ?? []), pair]);
  const winners: DesiredPair[] = [];
  const conflicts: Conflict[] = [];
  for (const [slot, wanting] of bySlot) {
    const [oldest] = wanting.toSorted((a, b) => byAge(a.nodeEni, b.nodeEni));
    const holder = holders.get(slot);
    for (const pair of wanting) {
      if (pair.nodeEni.uid === (holder?.uid ?? oldest?.nodeEni.uid)) winners.push(pair);
      else conflicts.push({ pair, winner: holder?.name ?? oldest?.nodeEni.name ?? '' });
    }
  }
  return { winners, conflicts };
}

function byAge(a: NodeEni, b: NodeEni): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
