import type { Drift } from '../domain/audit/drift.js';
import type { Sightings } from '../domain/audit/sightings.js';

/** The type of the workflow that audits a cluster's ENIs. Recorded in histories: never renamed. */
export const AUDIT_WORKFLOW = 'eniAudit';

/** What becomes of leaked ENIs. */
export type OrphanMode = 'report' | 'delete';

/** What an audit starts with; it stands in the Schedule. */
export interface AuditInput {
  readonly clusterName: string;
  readonly orphanMode: OrphanMode;
  /** How long a leaked ENI must have been seen before it may be deleted, in milliseconds. */
  readonly orphanMinAgeMs: number;
}

/** A leaked ENI, as it was when it was found. */
export interface Orphan {
  readonly eniId: string;
  readonly clusterName: string;
}

/** What looking at everything has brought. Counts only, but for the leaked ENIs. */
export interface SurveyResult {
  readonly enis: number;
  readonly attachments: number;
  /** Differences by kind; kinds without one are left out. */
  readonly drift: Partial<Record<Drift, number>>;
  /** Pairs that were told to look again. */
  readonly woken: number;
  /** Pairs that could not be told; the next audit finds them again. */
  readonly notWoken: number;
  /** ENIs without an Attachment. */
  readonly orphans: { readonly available: number; readonly attached: number };
  /** For the next audit. */
  readonly sightings: Sightings;
  /** Those that were seen before, and for long enough; at most {@link LEAKED_LIMIT}, the others come next time. */
  readonly leaked: readonly string[];
}

/** Leaked ENIs that one audit deletes at most. */
export const LEAKED_LIMIT = 50;

/** An audit's result, in its workflow's result; the next one takes its sightings from here. */
export interface AuditReport extends Omit<SurveyResult, 'leaked'> {
  readonly leaked: number;
  readonly deleted: readonly string[];
  /** Leaked ones that were not deleted, each with its reason. */
  readonly kept: readonly string[];
}

/** The side effects of an audit. */
export interface AuditActivities {
  /**
   * Lists every ENI and every Attachment, compares them, and tells the pairs concerned to look again. Fails, and tells
   * nobody anything, when a list is not complete.
   */
  surveyEnis(input: AuditInput & { readonly sightings: Sightings }): Promise<SurveyResult>;
  /** Deletes a leaked ENI if a fresh look shows that it still is one. Returns whether it did. */
  deleteOrphan(orphan: Orphan): Promise<boolean>;
}
