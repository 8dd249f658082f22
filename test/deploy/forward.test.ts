import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';
import { freePorts } from '../../dev/stack/ports.js';

const PROGRAM = join(REPO, 'deploy/compose/forward.mjs');

describe('deploy/compose/forward.mjs', () => {
  let server: Server;
  let forwarder: ChildProcess;
  let from = 0;
  let nothing = 0;

  before(async () => {
    const ports = await freePorts(4);
    const [to = 0, away = 0] = ports.splice(2);
    [from = 0, nothing = 0] = ports;
    server = createServer((_request, response) => response.end('from the loopback')).listen(to, '127.0.0.1');
    forwarder = spawn(process.execPath, [PROGRAM, `${from}:${to}`, `${nothing}:${away}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(forwarder.stdout!, 'data');
  });
  after(() => {
    forwarder.kill();
    server.close();
  });

  function check(port: number): number | null {
    return spawnSync(process.execPath, [PROGRAM, '--check', String(port)]).status;
  }

  it('passes connections on', async () => {
    const reply = await fetch(`http://127.0.0.1:${from}`);

    assert.equal(await reply.text(), 'from the loopback');
  });

  it('ends a connection that leads nowhere, and goes on', async () => {
    await assert.rejects(fetch(`http://127.0.0.1:${nothing}`));

    assert.equal((await fetch(`http://127.0.0.1:${from}`)).status, 200);
  });

  it('tells by --check whether it listens', () => {
    assert.equal(check(from), 0);
    assert.equal(check(1), 1);
  });
});
