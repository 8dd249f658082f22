import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy that knows CONNECT alone, as those at the edge of a network do. */
export class ConnectProxy {
  /** `host:port` of every tunnel that was asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #names: Readonly<Record<string, number>>;
  readonly #sockets = new Set<Duplex>();
  #port = 0;

  private constructor(names: Readonly<Record<string, number>>) {
    this.#names = names;
    this.#server = createServer((_, response) => void response.writeHead(405).end());
    this.#server.on('connect', (request, client) => this.#tunnel(request, client));
  }

  /** @param names - the port on this machine that is meant by a `host:port`; others are refused with 403 */
  static async start(names: Readonly<Record<string, number>>): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(names);
    await proxy.#listen();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Goes away: its tunnels end and its port refuses. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Comes back on the same port. */
  async resume(): Promise<void> {
    await this.#listen();
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #tunnel({ url: target = '' }: IncomingMessage, client: Duplex): void {
    this.asked.push(target);
    client.on('error', () => undefined);
    const port = this.#names[target];
    if (port === undefined) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    this.#join(client, upstream);
  }

  #join(client: Duplex, upstream: Socket): void {
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  }
}
