import type { EniFacts, Observation } from '../observation.js';
import type { EniChanges, Step } from '../step.js';

/** What a step that was carried out gave back: the ENI as EC2 now has it, or null when it is gone. */
export interface StepOutcome {
  readonly at: number;
  readonly eni?: EniFacts | null;
  readonly attachmentId?: string;
}

/**
 * The observation after a step, without another read: what EC2 answered is taken for true, marked as assumed until a
 * Describe shows it.
 */
export function applyOutcome(observation: Observation, step: Step, outcome: StepOutcome): Observation {
  const next = { ...observation, at: outcome.at };
  switch (step.type) {
    case 'create':
    case 'verify':
    case 'detach':
    case 'delete':
      return { ...next, owned: replaceEni(observation.owned, eniIdOf(step, outcome), outcome.eni ?? null) };
    case 'attach':
      return mapEni(next, step.eniId, (eni) => attachedTo(eni, step, outcome.attachmentId ?? ''));
    case 'configure':
      return mapEni(next, step.eniId, (eni) => changed(eni, step.changes));
    case 'adopt':
      return adopted(next, step.eniId, step.tags);
    case 'awaitInstance':
    case 'release':
    case 'done':
    case 'idle':
    case 'block':
      return next;
  }
}

function eniIdOf(step: Step, outcome: StepOutcome): string {
  return 'eniId' in step ? step.eniId : (outcome.eni?.eniId ?? '');
}

function replaceEni(owned: readonly EniFacts[], eniId: string, eni: EniFacts | null): EniFacts[] {
  const others = owned.filter((one) => one.eniId !== eniId);
  return eni === null ? others : [...others, eni];
}

function mapEni(observation: Observation, eniId: string, change: (eni: EniFacts) => EniFacts): Observation {
  return { ...observation, owned: observation.owned.map((eni) => (eni.eniId === eniId ? change(eni) : eni)) };
}

function attachedTo(eni: EniFacts, step: Extract<Step, { type: 'attach' }>, attachmentId: string): EniFacts {
  const { instanceId, deviceIndex, networkCardIndex, deleteOnTermination } = step;
  const rest = { attachmentId, status: 'attaching', deleteOnTermination } as const;
  return { ...eni, assumed: true, attachment: { instanceId, deviceIndex, networkCardIndex, ...rest } };
}

function changed(eni: EniFacts, changes: EniChanges): EniFacts {
  const { deleteOnTermination = eni.attachment?.deleteOnTermination ?? false, tags = {} } = changes;
  return {
    ...eni,
    assumed: true,
    securityGroupIds: changes.securityGroupIds ?? eni.securityGroupIds,
    description: changes.description ?? eni.description,
    sourceDestCheck: changes.sourceDestCheck ?? eni.sourceDestCheck,
    tags: { ...eni.tags, ...tags },
    attachment: eni.attachment === null ? null : { ...eni.attachment, deleteOnTermination },
  };
}

function adopted(observation: Observation, eniId: string, tags: Readonly<Record<string, string>>): Observation {
  const eni = observation.adoptable.find((one) => one.eniId === eniId);
  if (eni === undefined) return observation;
  return {
    ...observation,
    adoptable: observation.adoptable.filter((one) => one.eniId !== eniId),
    owned: [...observation.owned, { ...eni, assumed: true, tags: { ...eni.tags, ...tags } }],
  };
}
