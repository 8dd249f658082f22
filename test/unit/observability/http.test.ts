import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { freePort } from '../../../src/observability/free-port.js';
import { healthRoutes } from '../../../src/observability/health.js';
import { type Routes, serve } from '../../../src/observability/http.js';
import { createMetrics } from '../../../src/observability/metrics.js';
import { metricsRoutes } from '../../../src/observability/metrics-route.js';

describe('the HTTP endpoints', () => {
  const servers: Server[] = [];

  async function served(routes: Routes): Promise<string> {
    const server = await serve('127.0.0.1:0', routes);
    servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it("serve our metrics and Temporal's SDK's as one text", async () => {
    const metrics = createMetrics({ version: '', role: 'all', checks: {} });
    const sdk = await served({ '/metrics': () => ({ status: 200, body: '# TYPE temporal_x gauge\ntemporal_x 1\n' }) });
    const url = await served(metricsRoutes(metrics, `${sdk}/metrics`));

    const answer = await fetch(`${url}/metrics`);

    const text = await answer.text();
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(text, /^multi_eni_sdk_scrape_failures_total 0\n/m);
    assert.match(text, /[^\n]\n# TYPE temporal_x gauge\ntemporal_x 1\n$/);
  });

  it("serve ours, and count it, when the SDK's cannot be had", async () => {
    const metrics = createMetrics({ version: '', role: 'all', checks: {} });
    const url = await served(metricsRoutes(metrics, `http://127.0.0.1:${await freePort()}/metrics`));

    const answer = await fetch(`${url}/metrics`);

    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /^multi_eni_sdk_scrape_failures_total 1$/m);
  });

  it('serve ours alone where the SDK keeps none', async () => {
    const metrics = createMetrics({ version: '', role: 'all', checks: {} });
    const url = await served(metricsRoutes(metrics, null));

    const text = await (await fetch(`${url}/metrics`)).text();

    assert.match(text, /^multi_eni_sdk_scrape_failures_total 0$/m);
  });

  it('name every check that fails at /readyz, while /livez says yes', async () => {
    const url = await served(healthRoutes({ one: () => null, two: () => 'is away', three: () => 'is late' }));

    const [live, ready] = await Promise.all([fetch(`${url}/livez`), fetch(`${url}/readyz`)]);

    assert.equal(live.status, 200);
    assert.equal(ready.status, 503);
    assert.equal(await ready.text(), 'two: is away\nthree: is late\n');
  });
});
