import { Agent, type AgentOptions, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import type { KubernetesApi } from '../../../dev/stack/kubernetes.js';
import { concurrently } from '../../../src/domain/concurrently.js';

/** Requests at a time: enough to keep the API server busy on two cores. */
const AT_ONCE = 24;

/** One request with a body. */
export interface RawWrite {
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly body: object;
}

/** Plain JSON over connections that stay open: client-node takes longer for a write than the server does. */
export class RawApi {
  readonly #url: string;
  readonly #agent: Agent;

  private constructor(url: string, agent: Agent) {
    this.#url = url;
    this.#agent = agent;
  }

  /** Of an administrator of the cluster. */
  static async of(kubernetes: KubernetesApi): Promise<RawApi> {
    const options: AgentOptions = { keepAlive: true, maxSockets: AT_ONCE };
    await kubernetes.config.applyToHTTPSOptions(options);
    return new RawApi(kubernetes.url, new Agent(options));
  }

  /** Ends its connections. */
  close(): void {
    this.#agent.destroy();
  }

  /** The answer as text. @throws Error with the answer for a status other than 2xx */
  async get(path: string): Promise<string> {
    return this.#send('GET', path);
  }

  /** The answer, parsed. A patch is a merge patch. @throws Error with the answer for a status other than 2xx */
  async write({ method, path, body }: RawWrite): Promise<unknown> {
    return JSON.parse(await this.#send(method, path, JSON.stringify(body))) as unknown;
  }

  /** All of them, many at a time, the answers in any order. @throws the first error when all are done */
  async writeAll(writes: readonly RawWrite[]): Promise<unknown[]> {
    const answers: unknown[] = [];
    const [failure] = await concurrently(AT_ONCE, writes, async (write) => void answers.push(await this.write(write)));
    if (failure !== undefined) throw failure.error;
    return answers;
  }

  async #send(method: string, path: string, body = ''): Promise<string> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${this.#url}${path}`, { method, headers, agent: this.#agent }, resolve).on('error', reject).end(body);
    });
    const answer = await text(response);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${answer.slice(0, 500)}`);
    return answer;
  }
}
