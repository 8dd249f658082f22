import { request, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type { Stack } from '../stack/stack.js';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'APPLY']);

/**
 * How many writes the API server has answered, from its own metrics.
 *
 * @param options.without - resources that are not counted
 */
export async function kubernetesWrites(stack: Stack, options: { without: readonly string[] }): Promise<number> {
  const metrics = await apiServerMetrics(stack);
  let sum = 0;
  for (const line of metrics.split('\n')) {
    if (!line.startsWith('apiserver_request_total{')) continue;
    const verb = /verb="([^"]*)"/.exec(line)?.[1] ?? '';
    const resource = /resource="([^"]*)"/.exec(line)?.[1] ?? '';
    if (WRITES.has(verb) && !options.without.includes(resource)) sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

async function apiServerMetrics({ kubernetes }: Stack): Promise<string> {
  const options: RequestOptions = { agent: false };
  await kubernetes.config.applyToHTTPSOptions(options);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${kubernetes.url}/metrics`, options, resolve).on('error', reject).end();
  });
  return text(response);
}
