import type { AttachmentStore, Ec2Reads, Ec2Writes } from '../domain/ports.js';

/** What the activities need; made by the entry point. */
export interface ActivityDeps {
  readonly clusterName: string;
  readonly ec2: Ec2Reads & Ec2Writes;
  readonly attachments: AttachmentStore;
  /** Longest wait of a blocked pair, in milliseconds. */
  readonly blockedRetryMaxMs: number;
}
