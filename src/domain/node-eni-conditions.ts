import type { Attachment } from './attachment.js';
import type { NodeEniFacts } from './node-eni-facts.js';
import { REASONS } from './reasons.js';
import { rollOutWords } from './roll-out.js';
import { MESSAGE_LIMIT, truncate } from './text.js';

/** A condition without its time, which is kept while the status of the condition stays. */
export interface Condition {
  readonly type: 'Ready' | 'Progressing' | 'SlotConflict' | 'FieldsHandled' | 'Paused';
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
}

/** The counts of a status. */
export interface Counts {
  readonly desired: number;
  readonly attached: number;
  readonly blocked: number;
  readonly updated: number;
  readonly unavailable: number;
  readonly skipped: number;
}

type Draft = Omit<Condition, 'observedGeneration'>;

/** What to say about a NodeENI, in the order in which people read it. */
export function nodeEniConditions(facts: NodeEniFacts, counts: Counts): Condition[] {
  const drafts = [
    ready(facts, counts),
    progressing(facts, counts),
    slotConflict(facts),
    ...fields(facts),
    ...paused(facts),
  ];
  return drafts.map((draft) => ({
    ...draft,
    message: truncate(draft.message),
    observedGeneration: facts.nodeEni.generation,
  }));
}

function ready(facts: NodeEniFacts, counts: Counts): Draft {
  const { desired, attached } = counts;
  if (facts.nodeEni.deleting)
    return condition('Ready', 'False', 'Deleting', `${facts.attachments.length} ENIs are left`);
  if (desired === 0) return condition('Ready', 'True', 'NoMatchingNodes', noNodes(facts));
  if (attached === desired)
    return condition('Ready', 'True', 'AllAttached', `${attached} of ${desired} ENIs are attached`);
  const blocked = facts.attachments.find((attachment) => attachment.status.reason !== undefined);
  if (blocked !== undefined) return troubled(blocked, counts);
  if (facts.conflicts.length > 0) return condition('Ready', 'False', 'SlotConflict', conflictMessage(facts));
  return condition('Ready', 'False', 'Attaching', `${attached} of ${desired} ENIs are attached`);
}

function noNodes({ skipped }: NodeEniFacts): string {
  return skipped.length === 0
    ? 'no node matches nodeSelector'
    : `none of ${skipped.length} matching nodes is an EC2 instance`;
}

function troubled({ spec, status }: Attachment, { attached, desired }: Counts): Draft {
  const reason = status.reason ?? 'Ec2Unavailable';
  const before = `${attached} of ${desired} attached; node ${spec.nodeName}: `;
  const after = `. What to do: ${REASONS[reason]}`;
  // A long text of EC2 is cut where it stands, so that what to do is not cut off behind it.
  const what = truncate(status.message ?? reason, Math.max(1, MESSAGE_LIMIT - before.length - after.length));
  return condition('Ready', 'False', reason, `${before}${what}${after}`);
}

function progressing(facts: NodeEniFacts, counts: Counts): Draft {
  const { updated, attached, unavailable } = counts;
  const { nodeEni } = facts;
  const desired = counts.desired - facts.conflicts.length;
  const leaving = facts.attachments.filter((attachment) => attachment.deleting).length;
  const outdated = !nodeEni.deleting && updated < desired;
  const words = rollOutWords({ nodeEni, desired, updated, unavailable: unavailable - facts.conflicts.length });
  if (outdated && nodeEni.spec.updateStrategy.type === 'RollingUpdate')
    return condition('Progressing', 'True', 'Updating', words);
  if (leaving > 0) return condition('Progressing', 'True', 'Releasing', `${leaving} ENIs are being released`);
  if (attached < desired)
    return condition('Progressing', 'True', 'Attaching', `${attached} of ${desired} ENIs are attached`);
  if (outdated) return condition('Progressing', 'False', 'UpdateOnDelete', words);
  return condition(
    'Progressing',
    'False',
    'Complete',
    `rolled out: ${updated} of ${desired} ENIs have the current spec`,
  );
}

function slotConflict(facts: NodeEniFacts): Draft {
  if (facts.conflicts.length === 0)
    return condition('SlotConflict', 'False', 'NoConflict', 'no other NodeENI wants the same slot');
  return condition('SlotConflict', 'True', 'HeldByAnother', conflictMessage(facts));
}

function conflictMessage({ conflicts, nodeEni }: NodeEniFacts): string {
  const [first] = conflicts;
  const slot = `device index ${nodeEni.spec.deviceIndex} on network card ${nodeEni.spec.networkCardIndex}`;
  const others = conflicts.length > 1 ? ` and ${conflicts.length - 1} more nodes` : '';
  return `NodeENI ${first?.winner ?? ''} holds ${slot} of node ${first?.pair.node.name ?? ''}${others}; choose another deviceIndex, or wait until it is free`;
}

function fields({ nodeEni }: NodeEniFacts): Draft[] {
  if (nodeEni.unhandledFields.length === 0) return [];
  const names = nodeEni.unhandledFields.map((field) => `spec.${field}`).join(', ');
  return [condition('FieldsHandled', 'False', 'NotHandledYet', `accepted, but nothing is done with: ${names}`)];
}

function paused({ nodeEni }: NodeEniFacts): Draft[] {
  return nodeEni.paused ? [condition('Paused', 'True', 'Annotated', REASONS.Paused)] : [];
}

function condition(type: Condition['type'], status: Condition['status'], reason: string, message: string): Draft {
  return { type, status, reason, message };
}
