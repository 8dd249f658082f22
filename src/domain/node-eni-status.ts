import type { Attachment } from './attachment.js';
import type { NodeEniFacts } from './node-eni-facts.js';
import { compare } from './pairing/compare.js';
import { pairKey, type DesiredPair } from './pairing/desired.js';
import { nodeEniConditions, type Condition, type Counts } from './node-eni-conditions.js';

/** Rows of `status.attachments`; the counts stay exact beyond it. Keeps an object over 5,000 nodes far below 1 MiB. */
export const ATTACHMENT_ROWS = 500;

/** The status of a NodeENI as the API has it, but for the times of its conditions. */
export interface NodeEniStatus extends Counts {
  readonly observedGeneration: number;
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
