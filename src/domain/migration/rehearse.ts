import type { Attachment } from '../attachment.js';
import { EMPTY_MEMORY } from '../memory.js';
import type { EniFacts, NetworkFacts, Observation } from '../observation.js';
import type { DesiredPair } from '../pairing/desired.js';
import { applyOutcome, type StepOutcome } from '../plan/apply.js';
import { plan } from '../plan/plan.js';
import type { EniChanges, Step } from '../step.js';

/** What the controller would do with an ENI that it finds with the pair's tags. */
export interface Rehearsal {
  /** All that it would change in place, the tags of the adoption left out. */
  readonly changes: EniChanges;
  /** The first step that is more than adopting and configuring; null when there is none. */
  readonly obstacle: Step | null;
}

/** More than a pair takes to come to rest from here. */
const MOST_STEPS = 10;

/**
 * Lets the controller's own planner decide about a pair whose Attachment was just made and whose ENI is to be adopted,
 * until it rests. A pause is left out: it delays an adoption, and does not change it.
 */
export function rehearse(
  pair: DesiredPair,
  eni: EniFacts,
  { clusterName, at, network }: { clusterName: string; at: number; network: NetworkFacts },
): Rehearsal {
  const nothing = { owned: [], untagged: null, instance: undefined };
  const attachment = draft(pair);
  let observation: Observation = {
    ...{ at, clusterName, network, attachment, ...nothing },
    adoptable: [eni],
    blockedRetryMaxMs: 0,
  };
  let changes: EniChanges = {};
  for (let taken = 0; taken < MOST_STEPS; taken += 1) {
    const step = plan(observation, EMPTY_MEMORY);
    if (step.type === 'idle') return { changes, obstacle: null };
    if (step.type !== 'adopt' && step.type !== 'configure' && step.type !== 'verify') {
      return { changes, obstacle: step };
    }
    if (step.type === 'configure') changes = { ...changes, ...step.changes };
    observation = applyOutcome(observation, step, outcomeOf(step, observation));
  }
  return { changes, obstacle: plan(observation, EMPTY_MEMORY) };
}

/** A Describe shows what was assumed. */
function outcomeOf(step: Step, { at, owned }: Observation): StepOutcome {
  const [eni] = owned;
  return step.type === 'verify' && eni !== undefined ? { at, eni: { ...eni, assumed: false } } : { at };
}

/** The Attachment as the watcher will make it. */
function draft({ name, spec }: DesiredPair): Attachment {
  const meta = { uid: 'rehearsed', generation: 1, createdAt: '', deleting: false, hasFinalizer: true, released: false };
  return { name, ...meta, spec: { ...spec, paused: false }, status: {} };
}
