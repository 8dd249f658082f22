import type { PairMemory } from '../memory.js';
import type { EniFacts, Observation } from '../observation.js';
import type { Step } from '../step.js';
import { awaitVisible, settling } from './visibility.js';

/** Detaches and deletes what the pair has, then lets go of the Attachment. */
export function planRelease(observation: Observation, memory: PairMemory): Step {
  const [eni] = observation.owned;
  if (eni !== undefined) return removeEni(eni, observation, memory, false);
  const invisible = awaitVisible(observation, memory);
  if (invisible !== null) return invisible;
  if (settling(observation, memory)) {
    return {
      type: 'block',
      reason: 'NotVisibleYet',
      message: 'a create call ended without an answer; looking once more',
    };
  }
  return observation.attachment === null ? { type: 'done' } : { type: 'release' };
}

/**
 * The next step towards an ENI's absence.
 *
 * @param replace - the pair goes on with another ENI afterwards
 */
export function removeEni(eni: EniFacts, observation: Observation, memory: PairMemory, replace: boolean): Step {
  if (eni.attachment === null) return { type: 'delete', eniId: eni.eniId, replace };
  return { type: 'detach', eniId: eni.eniId, replace, ...forcing(observation, memory) };
}

/** A detach is forced only where the spec allows it, and only after one that was not has had its time. */
function forcing(
  { at, attachment }: Observation,
  { detachStartedAt }: PairMemory,
): { force: boolean; forceInMs?: number } {
  const after = attachment?.spec.forceDetachAfterSeconds ?? null;
  if (after === null) return { force: false };
  const left = after * 1000 - (at - (detachStartedAt ?? at));
  return left <= 0 && detachStartedAt !== null ? { force: true } : { force: false, forceInMs: Math.max(1, left) };
}
