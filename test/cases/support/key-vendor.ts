import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The SDK renews keys five minutes before they end. */
const RENEWED_BEFORE_MS = 5 * 60_000;

/** How to start a {@link KeyVendor}. */
export interface KeyVendorOptions {
  /** After how long the SDK has to come again for new keys. */
  readonly renewMs: number;
}

/**
 * Gives temporary AWS keys: to who asks at `/keys`, as the endpoint of a container does, and to who brings the web
 * identity token that is good now, as STS does.
 */
export class KeyVendor {
  /** The web identity token that is good. */
  token = '';
  /** Names of the keys that were given, `<prefix>-<number>`, the oldest first. */
  readonly given: string[] = [];
  /** Who came with a token that is not good. */
  refused = 0;
  /** Begins the names of the keys. */
  prefix = 'keys';
  readonly #server: Server;
  readonly #renewMs: number;

  private constructor({ renewMs }: KeyVendorOptions) {
    this.#renewMs = renewMs;
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming, response).catch(() => response.destroy());
    });
  }

  /** Resolves when it listens. */
  static async start(options: KeyVendorOptions): Promise<KeyVendor> {
    const vendor = new KeyVendor(options);
    vendor.#server.listen(0, '127.0.0.1');
    await once(vendor.#server, 'listening');
    return vendor;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (incoming.url === '/keys') return void response.end(JSON.stringify(this.#keys()));
    const asked = new URLSearchParams(await text(incoming));
    if (asked.get('WebIdentityToken') !== this.token) {
      this.refused += 1;
      const error = '<Error><Code>ExpiredTokenException</Code><Message>the token is old</Message></Error>';
      response.writeHead(400, { 'content-type': 'text/xml' }).end(`<ErrorResponse>${error}</ErrorResponse>`);
      return;
    }
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = this.#keys();
    const keys = [
      `<AccessKeyId>${AccessKeyId}</AccessKeyId><SecretAccessKey>${SecretAccessKey}</SecretAccessKey>`,
      `<SessionToken>${Token}</SessionToken><Expiration>${Expiration}</Expiration>`,
    ].join('');
    const result = `<AssumeRoleWithWebIdentityResult><Credentials>${keys}</Credentials></AssumeRoleWithWebIdentityResult>`;
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(`<AssumeRoleWithWebIdentityResponse>${result}</AssumeRoleWithWebIdentityResponse>`);
  }

  #keys(): { AccessKeyId: string; SecretAccessKey: string; Token: string; Expiration: string } {
    const AccessKeyId = `${this.prefix}-${this.given.length}`;
    this.given.push(AccessKeyId);
    const Expiration = new Date(Date.now() + RENEWED_BEFORE_MS + this.#renewMs).toISOString();
    return { AccessKeyId, SecretAccessKey: 'secret', Token: 'session', Expiration };
  }
}
