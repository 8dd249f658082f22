import type { PairMemory } from '../memory.js';
import type { Observation } from '../observation.js';
import type { Step } from '../step.js';
import { planPresent } from './present.js';
import { planRelease } from './release.js';

/**
 * Decides the one next step of a pair. Pure and total: the same observation and memory give the same step.
 */
export function plan(observation: Observation, memory: PairMemory): Step {
  const { attachment } = observation;
  if (attachment?.spec.paused === true) {
    return {
      type: 'block',
      reason: 'Paused',
      message: 'changes are frozen by the annotation networking.k8s.aws/paused',
    };
  }
  // Nothing is decided on absent information.
  if (observation.refusal !== undefined) return { type: 'block', ...observation.refusal };
  if (attachment === null || attachment.deleting) return planRelease(observation, memory);
  return planPresent(observation, attachment, memory);
}
