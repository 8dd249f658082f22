import {
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';

import { ApiError, statusMessage } from './errors.js';

/** Parameters of a request; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A raw request to the API server. */
export interface RawRequest {
  readonly path: string;
  readonly query: Query;
  /** Aborting it closes the connection, in whatever state. */
  readonly signal: AbortSignal;
}

/** Lines longer than this are no event of the API server, which limits objects to 3 MiB. */
const LONGEST_LINE = 32 * 1024 * 1024;

const http = new IsomorphicFetchHttpLibrary();

/** Reads an answer whole. @throws ApiError for another status than 200 */
export async function getJson(kubeConfig: KubeConfig, request: RawRequest): Promise<unknown> {
  const response = await send(kubeConfig, request);
  return JSON.parse(await response.body.text()) as unknown;
}

/**
 * Reads an answer line by line, each a JSON text, and ends with it.
 *
 * @param onBytes - is called whenever something arrives, first for the head of the answer
 * @throws ApiError for another status than 200; SyntaxError for a line that is no JSON
 */
export async function* streamJson(
  kubeConfig: KubeConfig,
  request: RawRequest,
  onBytes: () => void,
): AsyncGenerator<unknown, void> {
  const response = await send(kubeConfig, request);
  onBytes();
  const body = response.body.stream();
  if (body === null) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    onBytes();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new Error('a line of the watch does not end');
    for (const line of lines) {
      if (line !== '') yield JSON.parse(line) as unknown;
    }
  }
}

/**
 * Sends through client-node's own HTTP layer, so that TLS, proxy and credentials are as in all other calls.
 */
async function send(kubeConfig: KubeConfig, { path, query, signal }: RawRequest): Promise<ResponseContext> {
  const server = kubeConfig.getCurrentCluster()?.server ?? '';
  const context = new RequestContext(`${server.replace(/\/$/, '')}${path}`, 'GET');
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) context.setQueryParam(name, String(value));
  }
  context.setHeaderParam('Accept', 'application/json');
  context.setSignal(signal);
  await kubeConfig.applySecurityAuthentication(context);
  const response = await http.send(context).toPromise();
  if (response.httpStatusCode === 200) return response;
  const text = await response.body.text();
  const retryAfter = Number(response.headers['retry-after'] ?? 0);
  const seconds = Number.isFinite(retryAfter) ? retryAfter : 0;
  throw new ApiError(response.httpStatusCode, statusMessage(text).slice(0, 1000), seconds * 1000);
}
