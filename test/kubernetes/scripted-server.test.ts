import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { eventually } from '../../dev/stack/eventually.js';
import { connectKubernetes } from '../../src/kubernetes/client.js';
import { startInformer } from '../../src/kubernetes/informer.js';
import { NODES_PATH } from '../../src/kubernetes/paths.js';
import { parseNode } from '../../src/kubernetes/schema.js';
import { scratchFolder } from '../stack/scratch.js';
import { memoryLog } from '../unit/kubernetes/fixtures.js';

/** What a real API server does only rarely: an error inside of a good answer, and a refused token. */
describe('an informer on a scripted API server', function () {
  const dir = scratchFolder();
  const seen: { watch: boolean; token: string | undefined }[] = [];
  let server: Server;
  let kubeconfig: string;
  let goodToken = 'old';

  before(async () => {
    server = createServer((request, response) => {
      const watch = request.url?.includes('watch=true') === true;
      seen.push({ watch, token: request.headers.authorization });
      if (request.headers.authorization !== `Bearer ${goodToken}`) {
        response.writeHead(401).end('{"kind":"Status","message":"Unauthorized"}');
      } else if (watch) {
        response.end('{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}\n');
      } else {
        const metadata = { name: 'a', uid: 'u', resourceVersion: '5' };
        response.end(JSON.stringify({ metadata: { resourceVersion: '7' }, items: [{ metadata }] }));
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    kubeconfig = join(dir, 'kubeconfig');
    writeFileSync(join(dir, 'token'), 'old\n');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = {
      clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: { tokenFile: 'token' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('lists anew at a 410 inside of a watch, whose object reaches no handler, and reads a rotated token at once', async () => {
    const told: string[] = [];
    const log = memoryLog();
    const informer = startInformer({
      kubeConfig: connectKubernetes({ kubeconfig }).kubeConfig,
      path: NODES_PATH,
      parse: parseNode,
      onChange: (name) => told.push(name),
      onDelete: (name) => told.push(`deleted ${name}`),
      log,
    });
    await eventually('a second list', () => seen.filter(({ watch }) => !watch).length >= 2);
    assert.deepEqual(
      seen.slice(0, 3).map(({ watch }) => watch),
      [false, true, false],
    );
    assert.match(JSON.stringify(log.lines), /"status":410,"next":"list"/);

    writeFileSync(join(dir, 'token'), 'new');
    goodToken = 'new';
    await eventually('the new token', () => seen.at(-1)?.token === 'Bearer new');
    await informer.stop();

    assert.deepEqual(told, ['a']);
    assert.ok(!seen.some(({ token }, index) => token === 'Bearer old' && seen[index - 1]?.token === 'Bearer new'));
  });
});
