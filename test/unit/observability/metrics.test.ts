import assert from 'node:assert/strict';

import type { Check } from '../../../src/observability/health.js';
import { createMetrics } from '../../../src/observability/metrics.js';

describe('the metrics of every process', () => {
  it('say which version runs, as what, and whether it is ready at the time of the scrape', async () => {
    const checks: Record<string, Check> = { starting: () => 'not yet' };
    const { registry } = createMetrics({ version: '1.2.3', role: 'worker', checks });

    const before = await registry.metrics();
    delete checks['starting'];
    const after = await registry.metrics();

    assert.match(before, /^multi_eni_build_info\{version="1\.2\.3",role="worker"\} 1$/m);
    assert.match(before, /^multi_eni_ready 0$/m);
    assert.match(after, /^multi_eni_ready 1$/m);
  });

  it('count status writes by kind, from zero', async () => {
    const metrics = createMetrics({ version: '', role: 'all', checks: {} });

    metrics.onStatusWrite('NodeENI');
    metrics.onStatusWrite('NodeENI');

    const text = await metrics.registry.metrics();
    assert.match(text, /^multi_eni_status_writes_total\{kind="NodeENI"\} 2$/m);
    assert.match(text, /^multi_eni_status_writes_total\{kind="NodeENIAttachment"\} 0$/m);
  });

  it('include those of Node.js, and stand apart from those of another registry', async () => {
    const one = createMetrics({ version: '', role: 'all', checks: {} });
    const other = createMetrics({ version: '', role: 'all', checks: {} });

    one.onSdkScrapeFailure();

    assert.match(await one.registry.metrics(), /^process_resident_memory_bytes /m);
    assert.match(await one.registry.metrics(), /^multi_eni_sdk_scrape_failures_total 1$/m);
    assert.match(await other.registry.metrics(), /^multi_eni_sdk_scrape_failures_total 0$/m);
  });
});
