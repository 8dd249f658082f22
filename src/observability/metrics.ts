import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { type Check, failingChecks } from './health.js';

/** The kinds of objects whose status the controller writes. */
export const STATUS_KINDS = ['NodeENI', 'NodeENIAttachment'] as const;

/** One of {@link STATUS_KINDS}. */
export type StatusKind = (typeof STATUS_KINDS)[number];

/** The metrics of a process: the registry that the parts add theirs to, and what several parts count together. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts a write of a status that the API server took. */
  onStatusWrite(kind: StatusKind): void;
  /** Counts a scrape that had to go without the metrics of Temporal's SDK. */
  onSdkScrapeFailure(): void;
}

/** What is told of the process itself. */
export interface ProcessFacts {
  readonly version: string;
  readonly role: string;
  /** Those of `/readyz`. */
  readonly checks: Readonly<Record<string, Check>>;
}

/** What an audit found and did. */
export interface AuditReport {
  /** How many of each kind of finding; a kind that is left out has none. */
  readonly findings: Readonly<Record<string, number>>;
  /** ENIs of the cluster that belong to no Attachment: free, in use by an instance, deleted by this audit. */
  readonly orphans: { readonly available: number; readonly attached: number; readonly deleted: number };
  /** How many ENIs carry the cluster's tag. */
  readonly enis: number;
  /** How many pairs were told to look again. */
  readonly woken: number;
  /** How long the audit took. */
  readonly seconds: number;
}

/** Hears of audits. Never throws. */
export interface AuditObserver {
  /** An audit was completed. */
  onAudit(report: AuditReport): void;
  /** An ENI without an Attachment was deleted after the report of its audit, which therefore does not count it. */
  onOrphanDeleted(): void;
}

/** Makes the registry of a process, with the usual metrics of Node.js and those that every role has. */
export function createMetrics({ version, role, checks }: ProcessFacts): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'multi_eni_build_info',
    help: 'Always 1; the labels say which version runs, and as what.',
    labelNames: ['version', 'role'],
    registers,
  }).set({ version, role }, 1);
  new Gauge({
    name: 'multi_eni_ready',
    help: '1 while /readyz says yes, else 0.',
    registers,
    collect() {
      this.set(failingChecks(checks).length === 0 ? 1 : 0);
    },
  });
  const statusWrites = new Counter({
    name: 'multi_eni_status_writes_total',
    help: 'Status writes that the API server took, by kind of object.',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of STATUS_KINDS) statusWrites.inc({ kind }, 0);
  const sdkScrapeFailures = new Counter({
    name: 'multi_eni_sdk_scrape_failures_total',
    help: "Scrapes that had to go without the metrics of Temporal's SDK.",
    registers,
  });
  return {
    registry,
    onStatusWrite: (kind) => statusWrites.inc({ kind }),
    onSdkScrapeFailure: () => sdkScrapeFailures.inc(),
  };
}
