import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { parse, stringify } from 'yaml';

import { inProcess } from './support/run.js';
import { sharedWorld } from './support/shared-world.js';

const DEAD = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'dead',
  clusters: [{ name: 'dead', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'dead', user: { token: 'none' } }],
  contexts: [{ name: 'dead', context: { cluster: 'dead', user: 'dead' } }],
};

describe('the connection to Kubernetes', function () {
  this.timeout(120_000);
  let dir: string;
  /** A kubeconfig with a cluster that is not there. */
  let dead: string;
  /** The stack's, whose context is `live`. */
  let live: string;

  before('write kubeconfigs', async () => {
    const { stack } = await sharedWorld();
    dir = mkdtempSync(join(tmpdir(), 'multi-eni-kubeconfig-'));
    [dead, live] = [join(dir, 'dead'), join(dir, 'live')];
    const config = parse(readFileSync(stack.kubernetes.kubeconfig, 'utf8')) as {
      'current-context': string;
      contexts: { name: string; context: object }[];
    };
    const context = config.contexts.find(({ name }) => name === config['current-context'])?.context;
    writeFileSync(dead, stringify(DEAD));
    writeFileSync(live, stringify({ ...config, contexts: [{ name: 'live', context }], 'current-context': 'live' }));
  });

  after('remove them', () => rmSync(dir, { recursive: true, force: true }));

  it('is that of the option, before that of the environment', async () => {
    const { code, err } = await inProcess(['status', '--kubeconfig', live], { KUBECONFIG: dead });

    assert.equal(code, 0, err);
  });

  it('that cannot be made says so, and what to check', async () => {
    const { code, err } = await inProcess(['status'], { KUBECONFIG: dead });

    assert.equal(code, 1);
    assert.match(err, /^error: cannot list the Node\w*: /);
    assert.match(err, /check --kubeconfig and --context/);
  });

  it('takes the context that is named from a list of files, of which the first has the current one', async () => {
    const env = { KUBECONFIG: [dead, join(dir, 'none'), live].join(delimiter) };

    const current = await inProcess(['status'], env);
    const named = await inProcess(['status', '--context', 'live'], env);

    assert.equal(current.code, 1);
    assert.equal(named.code, 0, named.err);
  });

  it('to a context that there is not is refused', async () => {
    const { code, err } = await inProcess(['status', '--context', 'nobody'], { KUBECONFIG: live });

    assert.equal(code, 1);
    assert.match(err, /no connection to a cluster: .*nobody/);
  });
});
