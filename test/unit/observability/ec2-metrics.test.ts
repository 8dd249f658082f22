import assert from 'node:assert/strict';

import { Registry } from 'prom-client';

import { boundedLabel } from '../../../src/observability/bounded-label.js';
import { ec2Metrics } from '../../../src/observability/ec2-metrics.js';

describe('the metrics about EC2', () => {
  it('count calls by action and outcome, with their durations in seconds', async () => {
    const registry = new Registry();
    const metrics = ec2Metrics(registry);

    metrics.onCall('CreateTags', 'ok', 200);
    metrics.onCall('CreateTags', 'InternalError', 300);

    const text = await registry.metrics();
    assert.match(text, /^multi_eni_ec2_requests_total\{action="CreateTags",outcome="ok"\} 1$/m);
    assert.match(text, /^multi_eni_ec2_requests_total\{action="CreateTags",outcome="InternalError"\} 1$/m);
    assert.match(text, /^multi_eni_ec2_request_duration_seconds_sum\{action="CreateTags"\} 0\.5$/m);
  });

  it('show no throttles and no waits as zero, for every action that was called', async () => {
    const registry = new Registry();
    const metrics = ec2Metrics(registry);

    metrics.onCall('CreateTags', 'ok', 1);

    const text = await registry.metrics();
    assert.match(text, /^multi_eni_ec2_throttles_total\{action="CreateTags"\} 0$/m);
    assert.match(text, /^multi_eni_ec2_budget_wait_seconds_total\{action="CreateTags"\} 0$/m);
  });

  it('count throttles, and waits in seconds', async () => {
    const registry = new Registry();
    const metrics = ec2Metrics(registry);

    metrics.onThrottle('CreateTags');
    metrics.onBudgetWait('CreateTags', 1_500);

    const text = await registry.metrics();
    assert.match(text, /^multi_eni_ec2_throttles_total\{action="CreateTags"\} 1$/m);
    assert.match(text, /^multi_eni_ec2_budget_wait_seconds_total\{action="CreateTags"\} 1\.5$/m);
  });

  it('stay small when EC2, or something before it, answers with ever new codes', async () => {
    const registry = new Registry();
    const metrics = ec2Metrics(registry);

    for (let code = 0; code < 500; code += 1) metrics.onCall('CreateTags', `Code${code}`, 1);

    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('multi_eni_ec2_requests'));
    assert.equal(lines.length, 51);
    assert.ok(lines.includes('multi_eni_ec2_requests_total{action="CreateTags",outcome="other"} 450'));
  });
});

describe('a bounded label', () => {
  it('keeps the first values, whenever they come again, and calls the rest other', () => {
    const bounded = boundedLabel(2);

    const labels = ['a', 'b', 'c', 'a', 'c', 'b'].map(bounded);

    assert.deepEqual(labels, ['a', 'b', 'other', 'a', 'other', 'b']);
  });
});
