import type { Routes } from './http.js';
import type { Metrics } from './metrics.js';

/** How long Temporal's SDK has to tell its metrics: less than a scrape usually may take. */
const SDK_TIMEOUT_MS = 3_000;

/**
 * `/metrics`: ours, and after them those of Temporal's SDK. Ours are served even when the SDK's cannot be had.
 *
 * @param sdkUrl - where the SDK serves its metrics; null: nowhere
 */
export function metricsRoutes(metrics: Metrics, sdkUrl: string | null): Routes {
  return {
    '/metrics': async () => {
      const theirs = sdkUrl === null ? '' : await sdkMetrics(sdkUrl, metrics);
      const ours = await metrics.registry.metrics();
      return { status: 200, body: `${ours.trimEnd()}\n${theirs}`, type: metrics.registry.contentType };
    },
  };
}

async function sdkMetrics(url: string, metrics: Metrics): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(SDK_TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`the SDK's metrics answer ${answer.status}`);
    return await answer.text();
  } catch {
    metrics.onSdkScrapeFailure();
    return '';
  }
}
