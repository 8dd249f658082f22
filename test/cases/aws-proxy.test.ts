import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { globalAgent } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';

import type { World } from '../../dev/world/world.js';
import { Scene } from '../ec2/support/scene.js';
import { authorityOf } from './support/authority.js';
import { ConnectProxy } from './support/connect-proxy.js';
import { restart, withWorld } from './support/shared-world.js';

/** A name that nobody resolves here, so that only a proxy leads there; the API server's certificate is good for it too. */
const EC2 = 'kubernetes.default.svc';

describe('a network whose way to EC2 is a proxy', function () {
  this.timeout(180_000);
  let world: World;
  let proxy: ConnectProxy;
  let ec2: Server;
  let env: Readonly<Record<string, string>> = { NODE_USE_ENV_PROXY: '1', NO_PROXY: '127.0.0.1,localhost' };

  before(function () {
    if (!('proxyEnv' in globalAgent.options)) this.skip(); // Node.js 22.19 and 22.20 know no proxies
  });
  withWorld(async (started) => {
    world = started;
    ec2 = await withTls(Number(new URL(world.stack.ec2.endpoint).port));
    proxy = await ConnectProxy.start({ [`${EC2}:443`]: portOf(ec2) });
    const NODE_EXTRA_CA_CERTS = join(world.stack.dir, 'authority.crt');
    writeFileSync(NODE_EXTRA_CA_CERTS, authorityOf(world.stack));
    env = { ...env, NODE_EXTRA_CA_CERTS, HTTPS_PROXY: proxy.url };
    return { ...env, AWS_ENDPOINT_URL_EC2: `https://${EC2}` };
  });
  after(async () => {
    await world.controller.process.stop();
    await proxy.stop();
    ec2.close();
  });

  it('has EC2 called through it, and the API server and Temporal without it (K8-12)', async () => {
    const scene = await Scene.start(world, 'proxied');
    await scene.untilAttached();

    assert.ok(proxy.asked.length > 0);
    assert.deepEqual(new Set(proxy.asked), new Set([`${EC2}:443`]));
    await scene.remove();
  });

  it('is named when the proxy is dead, while the API server is reached; all goes on when it is back (K8-12)', async () => {
    await proxy.stop();
    const scene = await Scene.start(world, 'dead');
    const { message } = await scene.untilReason('Ec2Unavailable', 90_000);
    const ready = await fetch(`${world.controller.healthUrl}/readyz`);
    await proxy.resume();
    await scene.untilAttached(90_000);

    assert.match(message, /ECONNREFUSED/);
    assert.match(message, new RegExp(new URL(proxy.url).host));
    assert.equal(ready.status, 200);
    assert.equal((await scene.made()).length, 1);
    await scene.remove();
  });

  it('is left out for a host of NO_PROXY (K8-12)', async () => {
    await proxy.stop();
    const asked = proxy.asked.length;
    await restart(world, { ...env, AWS_ENDPOINT_URL_EC2: `https://localhost:${portOf(ec2)}` });
    const scene = await Scene.start(world, 'direct');
    await scene.untilAttached();

    assert.equal(proxy.asked.length, asked);
    await scene.remove();
  });

  /** TLS before the fake EC2, which speaks plain HTTP. */
  async function withTls(port: number): Promise<Server> {
    const dir = join(world.stack.dir, 'kubernetes');
    const [pair] = ['server', 'certificates/apiserver'].filter((name) => existsSync(join(dir, `${name}.crt`)));
    assert.ok(pair !== undefined, 'the API server has a certificate');
    const [cert, key] = ['crt', 'key'].map((suffix) => readFileSync(join(dir, `${pair}.${suffix}`)));
    const server = createServer({ cert, key }, (client) => {
      const upstream = connect(port, '127.0.0.1');
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) {
        socket
          .on('error', () => undefined)
          .on('close', () => {
            client.destroy();
            upstream.destroy();
          });
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
