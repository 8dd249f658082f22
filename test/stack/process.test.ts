import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { eventually } from '../../dev/stack/eventually.js';
import { ServerProcess } from '../../dev/stack/process.js';
import { isAlive, scratchFolder } from './scratch.js';

describe('a server process', () => {
  const dir = scratchFolder();
  const logFile = join(dir, 'server.log');

  function shell(script: string): Promise<ServerProcess> {
    return ServerProcess.spawn({ name: 'the test server', command: 'sh', args: ['-c', script], logFile });
  }

  it('is ready when it has printed the line, whose value it hands over', async () => {
    const server = await shell('echo starting; echo "READY 42"; sleep 60');
    const ready = server.output.firstMatch((line) => /^READY (\d+)$/.exec(line)?.[1]);

    assert.equal(await server.whenReady(ready, 5000), '42');

    await server.stop();
    assert.equal(isAlive(server.pid), false);
  });

  it('that ends too early is reported at once, with its output and exit code', async () => {
    const server = await shell('echo "port 7233 is taken" >&2; exit 3');
    const begin = performance.now();

    await assert.rejects(server.whenReady(new Promise(() => undefined), 60_000), {
      message: 'the test server ended before it was ready (exit code 3). Its last output:\n  port 7233 is taken',
    });

    assert.ok(performance.now() - begin < 5000);
  });

  it('that is not ready in time is killed and reported', async () => {
    const server = await shell('echo thinking; sleep 60');

    await assert.rejects(
      server.whenReady(new Promise(() => undefined), 300),
      /^Error: the test server was not ready within 0.3 s. Its last output:\n {2}thinking$/,
    );

    assert.equal(isAlive(server.pid), false);
  });

  it('that does not exist is named, with what installs it', async () => {
    const command = join(dir, 'no-such-program');

    await assert.rejects(
      ServerProcess.spawn({ name: 'the ghost', command, args: [], logFile }),
      /the ghost.*make setup/,
    );
  });

  it('can be killed, and killed and stopped again without harm', async () => {
    const server = await shell('sleep 60');

    await server.kill9();
    await server.kill9();
    await server.stop();

    assert.equal(await server.ended, 'signal SIGKILL');
  });

  it('leaves all its output in the log file', async () => {
    const server = await shell('for i in $(seq 1 500); do echo "line $i"; done');

    assert.equal(await server.ended, 'exit code 0');

    await eventually('the log has the last line', () => readFileSync(logFile, 'utf8').endsWith('line 500\n'));
    assert.match(readFileSync(logFile, 'utf8'), /^line 1$/m);
  });

  it('does not outlive a parent that is killed with SIGKILL, and a temporary folder does not either', async () => {
    const script = fileURLToPath(new URL('fixtures/abandon.ts', import.meta.url));
    const folder = mkdtempSync(join(dir, 'temporary-'));
    const args = ['--import', 'tsx', script, logFile, folder];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(chunk.toString());
    assert.ok(isAlive(pid));

    parent.kill('SIGKILL');

    await eventually(`process ${pid} is gone`, () => !isAlive(pid), { timeoutMs: 5000 });
    await eventually(`${folder} is gone`, () => !existsSync(folder), { timeoutMs: 5000 });
  });
});
