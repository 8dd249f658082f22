import type { Target } from '../contract/activities.js';
import type { SurveyResult } from '../contract/audit.js';
import type { Attachment } from '../domain/attachment.js';
import type { EniFacts } from '../domain/observation.js';
import type { Ec2Reads, Ec2Writes } from '../domain/ports.js';
import type { Recorder } from '../kubernetes/events.js';

/** What the audit's activities need; made by the entry point. */
export interface AuditDeps {
  readonly clusterName: string;
  readonly ec2: Pick<Ec2Reads, 'eni'> &
    Pick<Ec2Writes, 'deleteEni'> & { clusterEnis(): AsyncIterable<readonly EniFacts[]> };
  readonly attachments: AuditedAttachments;
  /** True while somebody has frozen the NodeENI or the Node. */
  isFrozen(nodeEniName: string, nodeName: string): Promise<boolean>;
  /** Tells a running pair workflow to look again. */
  wake(target: Target): Promise<void>;
  readonly recorder: Recorder;
  readonly observer: AuditObserver;
}

/** Consistent reads of Attachments. */
export interface AuditedAttachments {
  listAll(): Promise<Attachment[]>;
  listByNode(nodeName: string): Promise<Attachment[]>;
}

/** Hears of every audit, for metrics. */
export interface AuditObserver {
  onSurvey(result: SurveyResult, seconds: number): void;
  onOrphanDeleted(): void;
}
