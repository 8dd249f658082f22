import { Counter, Gauge, type Registry } from 'prom-client';
import { boundedLabel } from './bounded-label.js';
import type { AuditObserver, AuditReport } from './metrics.js';

/** How the metrics about the audit behave. */
export interface AuditMetricsOptions {
  /**
   * For how many milliseconds a report counts. The next audit may run in another process, and what this one found must
   * not outlive it. Default 15 minutes.
   */
  readonly freshMs?: number;
  /** The kinds of findings that are shown as zero when there are none. Default: none. */
  readonly kinds?: readonly string[];
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

const FRESH_MS = 15 * 60_000;

/** Adds the metrics about the audit to a registry. What an audit found is shown from the first one on. */
export function auditMetrics(registry: Registry, options: AuditMetricsOptions = {}): AuditObserver {
  const { freshMs = FRESH_MS, kinds = [], now = Date.now } = options;
  let latest: { report: AuditReport; at: number } | undefined;
  const fresh = (): AuditReport | undefined =>
    latest !== undefined && now() - latest.at <= freshMs ? latest.report : undefined;
  addFindings(registry, fresh, kinds);
  addGauges(registry, fresh);
  const { deleted, woken, lastSuccess } = totals(registry);
  lastSuccess.set(now() / 1000);
  return {
    onAudit: (report) => {
      latest = { report, at: now() };
      deleted.inc(Math.max(0, report.orphans.deleted));
      woken.inc(Math.max(0, report.woken));
      lastSuccess.set(now() / 1000);
    },
    onOrphanDeleted: () => deleted.inc(),
  };
}

function addFindings(registry: Registry, fresh: () => AuditReport | undefined, kinds: readonly string[]): void {
  const bounded = boundedLabel();
  new Gauge({
    name: 'multi_eni_audit_findings',
    help: 'What the last audit found, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      this.reset();
      const report = fresh();
      if (report === undefined) return;
      for (const kind of kinds) this.set({ kind: bounded(kind) }, 0);
      for (const [kind, count] of Object.entries(report.findings)) this.inc({ kind: bounded(kind) }, count);
    },
  });
}

function addGauges(registry: Registry, fresh: () => AuditReport | undefined): void {
  new Gauge({
    name: 'multi_eni_orphans',
    help: 'ENIs of the cluster that belong to no NodeENIAttachment, free (available) or at an instance (attached).',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.reset();
      const orphans = fresh()?.orphans;
      if (orphans === undefined) return;
      this.set({ state: 'available' }, orphans.available);
      this.set({ state: 'attached' }, orphans.attached);
    },
  });
  addNumber(registry, fresh, {
    name: 'multi_eni_audit_enis',
    help: "ENIs that carry the cluster's tag.",
    of: ({ enis }) => enis,
  });
  addNumber(registry, fresh, {
    name: 'multi_eni_audit_duration_seconds',
    help: 'How long the last audit took.',
    of: ({ seconds }) => seconds,
  });
}

function addNumber(
  registry: Registry,
  fresh: () => AuditReport | undefined,
  { name, help, of }: { name: string; help: string; of: (report: AuditReport) => number },
): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      const report = fresh();
      if (report === undefined) this.remove();
      else this.set(of(report));
    },
  });
}

function totals(registry: Registry): { deleted: Counter; woken: Counter; lastSuccess: Gauge } {
  const registers = [registry];
  return {
    deleted: new Counter({
      name: 'multi_eni_orphans_deleted_total',
      help: 'ENIs without a NodeENIAttachment that audits deleted.',
      registers,
    }),
    woken: new Counter({
      name: 'multi_eni_audit_woken_total',
      help: 'Pairs that audits told to look again.',
      registers,
    }),
    lastSuccess: new Gauge({
      name: 'multi_eni_audit_last_success_timestamp_seconds',
      help: 'When the last audit was completed in this process, in seconds since 1970; before the first: when the process began.',
      registers,
    }),
  };
}
