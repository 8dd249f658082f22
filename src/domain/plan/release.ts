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
  return { type: 'detach', eniId: eni.eniId, force: mayForce(observation, memory), replace };
}

function mayForce(observation: Observation, memory: PairMemory): boolean {
  const after = observation.attachment?.spec.forceDetachAfterSeconds ?? null;
  if (after === null || memory.detachStartedAt === null) return false;
  return observation.at - memory.detachStartedAt >= after * 1000;
}
