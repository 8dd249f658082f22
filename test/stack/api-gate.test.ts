import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { ApiGate, type GateAnswer, type GateOrder, type GateRequest } from '../../dev/stack/api-gate.js';
import { eventually } from '../../dev/stack/eventually.js';

/** A server that notes what reaches it, and answers with it. */
async function echo(seen: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`.trim());
      if (request.url !== '/watch') return void response.writeHead(201, { 'x-kind': 'echo' }).end(`got ${body}`);
      response.write('first\n'); // and nothing more
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('ApiGate', () => {
  let seen: string[];
  let server: Server;
  let gate: ApiGate;
  let order: GateOrder | null;
  let judged: GateRequest[];

  beforeEach(async () => {
    [seen, judged, order] = [[], [], null];
    server = await echo(seen);
    gate = await ApiGate.start({
      upstream: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      judge: (request) => {
        judged.push(request);
        return order;
      },
    });
  });

  afterEach(async () => {
    await gate.stop();
    server.closeAllConnections();
    server.close();
  });

  async function post(body: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${gate.url}/things?a=1`, { method: 'POST', body, ...(signal === undefined ? {} : { signal }) });
  }

  async function untilHeld(): Promise<void> {
    await eventually('a request is held', () => gate.held === 1, { intervalMs: 5 });
  }

  it('passes a request with its query and body, and the answer with its status and headers', async () => {
    const response = await post('hello');

    assert.equal(response.status, 201);
    assert.equal(response.headers.get('x-kind'), 'echo');
    assert.equal(await response.text(), 'got hello');
    assert.deepEqual(seen, ['POST /things?a=1 hello']);
    assert.deepEqual(judged, [{ method: 'POST', path: '/things?a=1', body: 'hello' }]);
  });

  it('passes each part of a stream at once', async () => {
    const response = await fetch(`${gate.url}/watch`);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const { value = new Uint8Array() } = await reader.read();

    assert.equal(Buffer.from(value).toString(), 'first\n');
  });

  it('gives the answer to the judge before the caller has it', async () => {
    const answers: GateAnswer[] = [];
    order = { onAnswer: (answer) => answers.push(answer) };

    const response = await post('hello');

    assert.deepEqual(answers, [{ status: 201, body: 'got hello' }]);
    assert.equal(await response.text(), 'got hello');
  });

  it('never executes a request that was dropped while it was held before', async () => {
    order = { stage: 'before' };
    const call = post('hello').then(
      () => 'answered',
      () => 'cut',
    );
    await untilHeld();

    gate.drop();

    assert.equal(await call, 'cut');
    assert.deepEqual(seen, []);
    assert.equal(gate.held, 0);
  });

  it('never executes a request whose caller went while it was held before, and says so', async () => {
    let gone = false;
    order = { stage: 'before', onGone: () => (gone = true) };
    const abort = new AbortController();
    const call = post('hello', abort.signal).catch(() => 'aborted');
    await untilHeld();

    abort.abort();
    await eventually('the gate has noticed', () => gone);
    gate.release();

    assert.equal(await call, 'aborted');
    assert.deepEqual(seen, []);
  });

  it('lets a held request go on', async () => {
    order = { stage: 'before' };
    const call = post('hello');
    await untilHeld();

    gate.release();

    assert.equal(await (await call).text(), 'got hello');
    assert.deepEqual(seen, ['POST /things?a=1 hello']);
  });

  it('executes a request that is held after, and keeps its answer', async () => {
    order = { stage: 'after' };
    const call = post('hello').then(
      () => 'answered',
      () => 'cut',
    );
    await untilHeld();
    const executed = [...seen];

    gate.drop();

    assert.deepEqual(executed, ['POST /things?a=1 hello']);
    assert.equal(await call, 'cut');
  });

  it('loses an answer by a reset of the connection', async () => {
    let stopped = false;
    order = { stage: 'lost', onStopped: () => (stopped = true) };

    await assert.rejects(post('hello'), (error: Error) => {
      return error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ECONNRESET';
    });

    assert.ok(stopped);
    assert.deepEqual(seen, ['POST /things?a=1 hello']);
  });

  it('cuts the caller off when the server is down', async () => {
    server.closeAllConnections();
    server.close();

    await assert.rejects(post('hello'));
  });
});
