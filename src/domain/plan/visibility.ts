import type { PairMemory } from '../memory.js';
import type { Observation } from '../observation.js';
import type { Step } from '../step.js';

/**
 * How long after its creation an ENI that no Describe shows counts as "not yet visible" rather than gone.
 * EC2 is eventually consistent over "a few minutes" (Amazon EC2 API Reference, "Eventual consistency").
 */
export const VISIBILITY_GRACE_MS = 5 * 60_000;

/** How long after a create call without an answer its ENI may still turn up. */
export const CREATE_SETTLE_MS = 60_000;

/** A wait for an ENI that this history made and that EC2 does not show yet; null when there is none. */
export function awaitVisible(observation: Observation, memory: PairMemory): Step | null {
  if (memory.eniId === null || memory.eniCreatedAt === null) return null;
  if (observation.at - memory.eniCreatedAt >= VISIBILITY_GRACE_MS) return null;
  return { type: 'verify', eniId: memory.eniId, until: 'visible' };
}

/** True while the ENI of a create call without an answer may still turn up. */
export function settling(observation: Observation, memory: PairMemory): boolean {
  if (memory.openCreate === null) return false;
  return observation.at - (memory.openCreateFailedAt ?? observation.at) < CREATE_SETTLE_MS;
}
