import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent as TlsAgent, type AgentOptions, request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it came in, its body whole. */
export interface GateRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
}

/** What the server answered. */
export interface GateAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Where a request is stopped: held `before` it is forwarded, held `after` it was executed, or executed with its answer
 * `lost`: the connection is reset.
 */
export type GateStage = 'before' | 'after' | 'lost';

/** What is to be done with a request. */
export interface GateOrder {
  /** Undefined: it passes. */
  readonly stage?: GateStage | undefined;
  /** Is told when the request is held, or its answer was lost. */
  readonly onStopped?: () => void;
  /** Is told when the caller of a held request has gone by itself. */
  readonly onGone?: () => void;
  /** Is given the server's answer before the caller is. */
  readonly onAnswer?: (answer: GateAnswer) => void;
}

/** Decides on each request. Null: it passes, its answer as a stream. */
export type Judge = (request: GateRequest) => GateOrder | null;

/** How to start an {@link ApiGate}. */
export interface GateOptions {
  /** Address of the server behind it. */
  readonly upstream: string;
  /** Certificates for an `https` server. */
  readonly tls?: AgentOptions;
  /** Default: everything passes. */
  readonly judge?: Judge;
}

interface Held {
  readonly response: ServerResponse;
  readonly end: (verdict: 'go' | 'drop') => void;
}

/** Headers of a connection, not of a message; without `accept-encoding` every answer can be read. */
const OF_CONNECTION = ['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'accept-encoding'];

/**
 * A reverse proxy on 127.0.0.1, over plain HTTP, in front of the API server or of EC2. It can hold a request, and kill
 * it so that it is known whether it was executed: one held `before` whose caller dies never reaches the server.
 */
export class ApiGate {
  readonly #server: Server;
  readonly #options: GateOptions;
  readonly #agent: Agent;
  readonly #held = new Set<Held>();

  private constructor(options: GateOptions) {
    this.#options = options;
    this.#agent = isTls(options) ? new TlsAgent({ keepAlive: true, ...options.tls }) : new Agent({ keepAlive: true });
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
      this.#serve(incoming, response).catch(() => response.destroy());
    });
  }

  /** Resolves when it listens. */
  static async start(options: GateOptions): Promise<ApiGate> {
    const gate = new ApiGate(options);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many requests are held now. */
  get held(): number {
    return this.#held.size;
  }

  /** Lets all held requests go on. */
  release(): void {
    for (const { end } of [...this.#held]) end('go');
  }

  /** Ends the connections of all held requests; what was not forwarded never is. */
  drop(): void {
    for (const { end } of [...this.#held]) end('drop');
  }

  /** Ends all connections, held ones and watches among them. */
  async stop(): Promise<void> {
    this.drop();
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const { method = 'GET', url: path = '/' } = incoming;
    const order = this.#options.judge?.({ method, path, body: body.toString() }) ?? null;
    if (order?.stage === 'before' && !(await this.#hold(response, order))) return;
    const answer = await this.#forward(incoming, body, response);
    if (order === null) {
      response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
      response.flushHeaders();
      answer.on('error', () => response.destroy()).pipe(response);
      return;
    }
    await this.#answer(answer, response, order);
  }

  async #answer(answer: IncomingMessage, response: ServerResponse, order: GateOrder): Promise<void> {
    const status = answer.statusCode ?? 502;
    const body = await buffer(answer);
    order.onAnswer?.({ status, body: body.toString() });
    if (order.stage === 'after' && !(await this.#hold(response, order))) return;
    if (order.stage === 'lost') {
      response.socket?.resetAndDestroy();
      order.onStopped?.();
      return;
    }
    response.writeHead(status, { ...passedOn(answer.headers), 'content-length': body.length }).end(body);
  }

  /** True when the request may go on. */
  async #hold(response: ServerResponse, order: GateOrder): Promise<boolean> {
    if (response.destroyed) return false;
    const verdict = await new Promise<'go' | 'drop' | 'gone'>((resolve) => {
      const held = { response, end: resolve };
      this.#held.add(held);
      response.once('close', () => resolve('gone'));
      order.onStopped?.();
    });
    for (const held of this.#held) if (held.response === response) this.#held.delete(held);
    if (verdict === 'gone') order.onGone?.();
    if (verdict === 'drop') response.socket?.destroy();
    return verdict === 'go';
  }

  async #forward(incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<IncomingMessage> {
    const send = isTls(this.#options) ? tlsRequest : request;
    const headers = { ...passedOn(incoming.headers), 'content-length': body.length };
    const target = new URL(incoming.url ?? '/', this.#options.upstream);
    return new Promise((resolve, reject) => {
      const outgoing = send(target, { agent: this.#agent, method: incoming.method, headers }, resolve);
      outgoing.on('error', reject);
      response.once('close', () => outgoing.destroy()); // a watch ends with its caller
      outgoing.end(body);
    });
  }
}

function isTls({ upstream }: GateOptions): boolean {
  return upstream.startsWith('https:');
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.includes(name)));
}
