import assert from 'node:assert/strict';

import { Registry } from 'prom-client';

import { auditMetrics } from '../../../src/observability/audit-metrics.js';
import type { AuditReport } from '../../../src/observability/metrics.js';

const REPORT: AuditReport = {
  findings: { detached: 2, retagged: 0 },
  orphans: { available: 3, attached: 1, deleted: 4 },
  enis: 200,
  woken: 2,
  seconds: 1.25,
};

describe('the metrics about the audit', () => {
  it('show what the last audit found, and add up what audits did', async () => {
    const registry = new Registry();
    const observer = auditMetrics(registry, { kinds: ['detached', 'gone'] });

    observer.onAudit({ ...REPORT, findings: { foreign: 9 }, orphans: { available: 0, attached: 0, deleted: 1 } });
    observer.onAudit(REPORT);
    observer.onOrphanDeleted();

    const text = await registry.metrics();
    assert.match(text, /^multi_eni_audit_findings\{kind="detached"\} 2$/m);
    assert.match(text, /^multi_eni_audit_findings\{kind="retagged"\} 0$/m);
    assert.match(text, /^multi_eni_audit_findings\{kind="gone"\} 0$/m);
    assert.doesNotMatch(text, /kind="foreign"/);
    assert.match(text, /^multi_eni_orphans\{state="available"\} 3$/m);
    assert.match(text, /^multi_eni_orphans\{state="attached"\} 1$/m);
    assert.match(text, /^multi_eni_orphans_deleted_total 6$/m);
    assert.match(text, /^multi_eni_audit_woken_total 4$/m);
    assert.match(text, /^multi_eni_audit_enis 200$/m);
    assert.match(text, /^multi_eni_audit_duration_seconds 1\.25$/m);
  });

  it('take the start of the process for the last audit until there is one', async () => {
    const registry = new Registry();
    let now = 5_000;
    const observer = auditMetrics(registry, { now: () => now });

    const before = await registry.metrics();
    now = 9_000;
    observer.onAudit(REPORT);

    assert.match(before, /^multi_eni_audit_last_success_timestamp_seconds 5$/m);
    assert.match(await registry.metrics(), /^multi_eni_audit_last_success_timestamp_seconds 9$/m);
  });

  it('show no findings before the first audit, nor once the report is old, as another process has a newer one', async () => {
    const registry = new Registry();
    let now = 0;
    const observer = auditMetrics(registry, { freshMs: 1_000, now: () => now });
    const before = await registry.metrics();
    observer.onAudit(REPORT);
    now = 1_000;
    const during = await registry.metrics();

    now = 1_001;
    const after = await registry.metrics();

    for (const text of [before, after]) {
      assert.doesNotMatch(text, /^multi_eni_(?:audit_findings|orphans\{|audit_enis|audit_duration_seconds)/m);
    }
    assert.match(during, /^multi_eni_audit_enis 200$/m);
    assert.match(after, /^multi_eni_orphans_deleted_total 4$/m);
  });
});
