import type { Attachment } from './attachment.js';
import type { NodeEni } from './node-eni.js';
import { compare } from './pairing/compare.js';
import { pairKey, type DesiredPair } from './pairing/desired.js';
import type { AttachmentPlan } from './pairing/plan-attachments.js';
import { nodeEniConditions, type Condition } from './node-eni-conditions.js';

/** Rows of `status.attachments`; the counts stay exact beyond it. Keeps an object over 5,000 nodes far below 1 MiB. */
export const ATTACHMENT_ROWS = 500;

/** The status of a NodeENI as the API has it, but for the times of its conditions. */
export interface NodeEniStatus {
  readonly observedGeneration: number;
  readonly desired: number;
  readonly attached: number;
  readonly blocked: number;
  readonly updated: number;
  readonly unavailable: number;
  readonly skipped: number;
  readonly attachmentsTruncated: boolean;
  readonly conditions: readonly Condition[];
  readonly attachments: readonly AttachmentRow[];
}

/** One row of `status.attachments`. */
export interface AttachmentRow {
  readonly nodeID: string;
  readonly instanceID: string;
  readonly deviceIndex: number;
  readonly status: string;
  readonly eniID?: string | undefined;
  readonly attachmentID?: string | undefined;
  readonly subnetID?: string | undefined;
  readonly macAddress?: string | undefined;
  readonly privateIP?: string | undefined;
  readonly zone?: string | undefined;
  readonly workflowID?: string | undefined;
  readonly reason?: string | undefined;
  readonly lastUpdated?: string | undefined;
}

/** What the status of one NodeENI is derived from. */
export interface NodeEniFacts {
  readonly nodeEni: NodeEni;
  readonly pairs: readonly DesiredPair[];
  readonly attachments: readonly Attachment[];
  readonly conflicts: AttachmentPlan['conflicts'];
  readonly skipped: AttachmentPlan['skipped'];
}

/** Groups a plan and the Attachments by NodeENI, in one pass over each. */
export function factsByNodeEni(
  nodeEnis: readonly NodeEni[],
  attachments: readonly Attachment[],
  plan: AttachmentPlan,
): NodeEniFacts[] {
  const pairs = Map.groupBy(plan.desired, (pair) => pair.nodeEni.uid);
  const owned = Map.groupBy(attachments, (attachment) => attachment.spec.nodeEni.uid);
  const conflicts = Map.groupBy(plan.conflicts, (conflict) => conflict.pair.nodeEni.uid);
  const skipped = Map.groupBy(plan.skipped, (skip) => skip.nodeEni.uid);
  return nodeEnis.map((nodeEni) => ({
    nodeEni,
    pairs: pairs.get(nodeEni.uid) ?? [],
    attachments: owned.get(nodeEni.uid) ?? [],
    conflicts: conflicts.get(nodeEni.uid) ?? [],
    skipped: skipped.get(nodeEni.uid) ?? [],
  }));
}

/** Derives a NodeENI's status from what should exist and what does. */
export function nodeEniStatus(facts: NodeEniFacts): NodeEniStatus {
  const { nodeEni, pairs, attachments, skipped } = facts;
  const byPair = new Map(attachments.map((one) => [pairKey(one.spec.nodeEni.uid, one.spec.nodeName), one]));
  const current = pairs.map((pair) => ({ pair, attachment: byPair.get(pairKey(nodeEni.uid, pair.node.name)) }));
  const attached = current.filter(({ attachment }) => isUp(attachment));
  const counts = {
    desired: pairs.length,
    attached: attached.length,
    blocked: attachments.filter((attachment) => attachment.status.phase === 'Blocked').length,
    updated: current.filter(({ pair, attachment }) => isUpdated(pair, attachment)).length,
    unavailable: pairs.length - attached.length,
    skipped: skipped.filter((skip) => skip.why === 'notEc2').length,
  };
  const rows = attachments.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    observedGeneration: nodeEni.generation,
    ...counts,
    attachmentsTruncated: rows.length > ATTACHMENT_ROWS,
    conditions: nodeEniConditions(facts, counts),
    attachments: rows.slice(0, ATTACHMENT_ROWS).map(row),
  };
}

function isUp(attachment: Attachment | undefined): boolean {
  return attachment !== undefined && !attachment.deleting && attachment.status.phase === 'Attached';
}

function isUpdated(pair: DesiredPair, attachment: Attachment | undefined): boolean {
  return attachment !== undefined && !attachment.deleting && compare(attachment, pair) === 'asWanted';
}

function row({ spec, status, createdAt }: Attachment): AttachmentRow {
  return {
    nodeID: spec.nodeName,
    instanceID: spec.instanceId,
    deviceIndex: spec.deviceIndex,
    status: status.phase ?? 'Pending',
    eniID: status.eniId,
    attachmentID: status.attachmentId,
    subnetID: status.subnetId,
    macAddress: status.macAddress,
    privateIP: status.privateIp,
    zone: status.zone ?? spec.zone,
    workflowID: status.workflowId,
    reason: status.reason,
    lastUpdated: status.lastUpdated ?? createdAt,
  };
}
