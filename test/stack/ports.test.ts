import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { connectOnce, freePorts } from '../../dev/stack/ports.js';

describe('ports', () => {
  it('are all different, and below those that the kernel gives to outgoing connections', async () => {
    const ports = [...(await freePorts(20)), ...(await freePorts(20))];

    assert.equal(new Set(ports).size, 40);
    assert.ok(ports.every((port) => port > 10_000 && port < 32_768));
  });

  it('are claimed for as long as the process lives, so that no other is given them before the server starts', async () => {
    const [port = 0] = await freePorts(1);
    const other = createSocket('udp4').bind({ port, address: '127.0.0.1', exclusive: true });

    const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];

    assert.equal(error.code, 'EADDRINUSE');
    other.close();
  });

  it('tell whether somebody listens there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    await connectOnce(port);

    server.close();
    await once(server, 'close');
    await assert.rejects(connectOnce(port), { code: 'ECONNREFUSED' });
  });
});
