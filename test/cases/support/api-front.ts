import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { Stack } from '../../../dev/stack/stack.js';

/** A request to the API server. */
export interface FrontRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Whether it is a watch. */
  readonly watch: boolean;
}

/** A status to refuse a request with; undefined lets it pass. A promise holds the request until then. */
export type Verdict = number | undefined | Promise<undefined>;

/** A reverse proxy before the API server, over plain HTTP, that can refuse requests, hold them, and speak into watches. */
export class ApiFront {
  /** Everything passes until a test says otherwise. */
  judge: (request: FrontRequest) => Verdict = () => undefined;
  /** All requests so far. */
  readonly seen: FrontRequest[] = [];
  readonly #upstream: string;
  readonly #options: RequestOptions;
  readonly #server: Server;
  readonly #watches = new Map<ServerResponse, string>();

  private constructor(upstream: string, options: RequestOptions) {
    this.#upstream = upstream;
    this.#options = { ...options, agent: new Agent({ keepAlive: true }) };
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming, response).catch(() => response.destroy());
    });
  }

  /** Resolves when it listens. Who comes through it has the rights of an administrator. */
  static async start({ kubernetes }: Stack): Promise<ApiFront> {
    const options: RequestOptions = {};
    await kubernetes.config.applyToHTTPSOptions(options);
    const front = new ApiFront(kubernetes.url, options);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  /** Writes a kubeconfig that leads through it, into the stack's folder. Returns the path. */
  kubeconfig({ dir }: Stack): string {
    const path = join(dir, 'kubeconfig-front.json');
    const server = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const config = {
      clusters: [{ name: 'front', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: 'front', context: { cluster: 'front', user: 'nobody' } }],
      'current-context': 'front',
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  }

  /** Writes a line into the open watches of a path, and ends them. Returns how many there were. */
  endWatches(path: string, line: string): number {
    const open = [...this.#watches].filter(([, watched]) => watched === path);
    for (const [response] of open) response.end(`${line}\n`);
    return open.length;
  }

  /** How many lists of a path there were, a page each. */
  lists(path: string): number {
    return this.seen.filter((one) => one.path === path && one.method === 'GET' && !one.watch).length;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.#upstream);
    const watch = url.searchParams.get('watch') === 'true';
    const seen = { method: incoming.method ?? 'GET', path: url.pathname, watch };
    this.seen.push(seen);
    const refusal = await this.judge(seen);
    if (refusal !== undefined) {
      const status = { kind: 'Status', code: refusal, message: `refused by the test with ${refusal}` };
      response.writeHead(refusal, { 'content-type': 'application/json' }).end(JSON.stringify(status));
      return;
    }
    if (watch) this.#watches.set(response, url.pathname);
    this.#forward(url, incoming, response);
  }

  #forward(url: URL, incoming: IncomingMessage, response: ServerResponse): void {
    const { host: _, ...headers } = incoming.headers;
    const outgoing = request(url, { ...this.#options, method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.on('data', (bytes: Buffer) => {
        if (!response.writableEnded) response.write(bytes);
      });
      answer.on('end', () => response.end()).on('error', () => response.destroy());
    });
    outgoing.on('error', () => response.destroy());
    response.once('close', () => {
      this.#watches.delete(response);
      outgoing.destroy();
    });
    incoming.pipe(outgoing);
  }
}
