import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';

const LOWEST = 10_240;
const DEFAULT_FIRST_EPHEMERAL = 32_768;

/**
 * Ports on 127.0.0.1 that are free now, none given twice as long as this process lives, by it or by another of ours.
 *
 * They lie below the kernel's range for outgoing connections: a server that is down for a moment keeps its port,
 * whereas a port of that range may go to any client, even to one that tries to connect to this very port.
 *
 * @throws Error when a hundred tries find no free one
 */
export async function freePorts(count: number): Promise<number[]> {
  const highest = (await firstEphemeralPort()) - 1;
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries += 1) {
    if (tries === count + 100) throw new Error(`no ${count} free ports between ${LOWEST} and ${highest} on 127.0.0.1`);
    const port = LOWEST + Math.floor(Math.random() * (highest - LOWEST + 1));
    if ((await isFree(port)) && (await claim(port))) ports.push(port);
  }
  return ports;
}

/**
 * Opens a connection to the port on 127.0.0.1 and closes it again.
 * @throws Error when nobody listens there
 */
export async function connectOnce(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

async function firstEphemeralPort(): Promise<number> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const first = Number.parseInt(range, 10);
  return first > LOWEST + 1000 ? first : DEFAULT_FIRST_EPHEMERAL;
}

/**
 * Takes the UDP port of the same number, which no server of ours wants: between this look and its server's start, seconds
 * later, another process may look too. The kernel gives it back however this process ends.
 */
async function claim(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  return await new Promise((resolve) => {
    socket.once('error', () => {
      resolve(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      resolve(true);
    });
  });
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
