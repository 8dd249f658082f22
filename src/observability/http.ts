import { createServer, type Server } from 'node:http';
import { once } from 'node:events';

/** What a path answers. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** The handlers of a server, by path. */
export type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

/**
 * Serves some fixed paths over HTTP.
 *
 * @param address - `HOST:PORT`; an empty host listens on all addresses
 * @returns the server, listening
 * @throws when the address cannot be listened on
 */
export async function serve(address: string, routes: Routes): Promise<Server> {
  const at = address.lastIndexOf(':');
  const server = createServer((request, response) => {
    const route = routes[new URL(request.url ?? '/', 'http://localhost').pathname];
    void answer(route).then(({ status, body, type = 'text/plain; charset=utf-8' }) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  server.listen(Number(address.slice(at + 1)), address.slice(0, at) || undefined);
  await once(server, 'listening');
  return server;
}

async function answer(route: Routes[string] | undefined): Promise<Answer> {
  if (route === undefined) return { status: 404, body: 'not found\n' };
  try {
    return await route();
  } catch (error) {
    return { status: 500, body: `${String(error)}\n` };
  }
}
