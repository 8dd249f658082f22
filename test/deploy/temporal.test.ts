import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { Connection } from '@temporalio/client';

import { REPO, TEMPORAL } from '../../dev/bootstrap/paths.js';
import { TemporalServer } from '../../dev/stack/temporal.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/contract/search-attributes.js';

const SCRIPT = join(REPO, 'deploy/temporal/setup-namespace.sh');
const NAMESPACE = 'made-by-the-script';

describe('deploy/temporal/setup-namespace.sh', function () {
  this.timeout(90_000);
  let dir: string;
  let temporal: TemporalServer;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'multi-eni-deploy-'));
    temporal = await TemporalServer.start({ dir });
  });
  after(async () => {
    await temporal.stop();
    await rm(dir, { recursive: true });
  });

  async function runScript(): Promise<void> {
    const env = { PATH: `${dirname(TEMPORAL)}:/usr/bin:/bin`, TEMPORAL_ADDRESS: temporal.address };
    await promisify(execFile)('sh', [SCRIPT], { env: { ...env, TEMPORAL_NAMESPACE: NAMESPACE } });
  }

  async function registered(): Promise<string[]> {
    const connection = await Connection.connect({ address: temporal.address });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: NAMESPACE });
    await connection.close();
    return Object.keys(customAttributes).sort();
  }

  it('lists the search attributes of src/contract', async () => {
    const list = /^SEARCH_ATTRIBUTES='(.*)'$/m.exec(await readFile(SCRIPT, 'utf8'))?.[1] ?? '';

    assert.deepEqual(list.split(' '), SEARCH_ATTRIBUTE_NAMES);
  });

  it('makes the namespace and registers them all', async () => {
    await runScript();

    const names = await registered();
    for (const name of SEARCH_ATTRIBUTE_NAMES) assert.ok(names.includes(name), name);
  });

  it('changes nothing when it is run again', async () => {
    const before = await registered();

    await runScript();

    assert.deepEqual(await registered(), before);
  });
});
