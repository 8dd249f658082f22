import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';

import { REPO } from '../../dev/bootstrap/paths.js';
import { programArgs } from '../../dev/stack/built.js';

async function multiEni(...args: string[]): Promise<{ code: number; err: string }> {
  return new Promise((resolve) => {
    const command = [...programArgs('main'), ...args];
    const env = { PATH: process.env['PATH'] ?? '', AWS_REGION: 'us-east-1' };
    execFile(process.execPath, command, { cwd: REPO, env, timeout: 60_000 }, (error, _out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), err });
    });
  });
}

describe('multi-eni migrate', function () {
  this.timeout(90_000);

  it('says what is wrong with its arguments, and what it needs', async () => {
    const runs = [['run', '--apply'], ['migrate', '--role', 'worker'], ['migrate', '--output', 'xml'], ['migrate']];

    const [run, role, output, nowhere] = await Promise.all(runs.map((args) => multiEni(...args)));

    assert.deepEqual([run?.code, role?.code, output?.code, nowhere?.code], [2, 2, 2, 1]);
    assert.match(run?.err ?? '', /^multi-eni: "run" has no option --apply\n/);
    assert.match(role?.err ?? '', /^multi-eni: "migrate" has no option --role\n/);
    assert.match(output?.err ?? '', /^multi-eni: --output xml is neither table nor json\n/);
    assert.match(nowhere?.err ?? '', /^error: no connection to a cluster: .*KUBECONFIG/s);
  });
});
