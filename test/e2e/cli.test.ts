import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { REPO } from '../../dev/bootstrap/paths.js';
import { programArgs } from '../../dev/stack/built.js';

describe('the command line', function () {
  this.timeout(30_000);

  it('lists every wrong value at once and exits 2', () => {
    const { status, stderr } = run(['run'], {
      MULTI_ENI_RESYNC_INTERVAL: 'often',
      MULTI_ENI_ORPHAN_MODE: 'maybe',
      MULTI_ENI_HEALTH_ADDR: 'nowhere',
      MULTI_ENI_RESINK_INTERVAL: '1m',
    });

    assert.equal(status, 2);
    for (const name of ['RESYNC_INTERVAL', 'ORPHAN_MODE', 'HEALTH_ADDR', 'RESINK_INTERVAL']) {
      assert.match(stderr, new RegExp(`MULTI_ENI_${name} .+`));
    }
  });

  for (const args of [[], ['walk'], ['run', '--role', 'king'], ['run', '--fast']]) {
    it(`answers "${args.join(' ')}" with the usage and exits 2`, () => {
      const { status, stderr } = run(args);

      assert.equal(status, 2);
      assert.match(stderr, /multi-eni run \[--role all\|watcher\|worker\]/);
    });
  }

  it('prints its usage when asked', () => {
    const { status, stdout } = run(['--help']);

    assert.equal(status, 0);
    assert.match(stdout, /multi-eni run/);
  });

  it('says which kubeconfig cannot be read, and exits 1', () => {
    const { status, stdout } = run(['run'], {
      KUBECONFIG: '/nonexistent/kubeconfig',
      MULTI_ENI_HEALTH_ADDR: '',
      MULTI_ENI_METRICS_ADDR: '',
    });

    assert.equal(status, 1);
    assert.match(stdout, /nonexistent\/kubeconfig/);
  });
});

function run(args: readonly string[], env: Record<string, string> = {}): SpawnSyncReturns<string> {
  const { PATH = '' } = process.env;
  return spawnSync(process.execPath, [...programArgs('main'), ...args], {
    cwd: REPO,
    env: { PATH, ...env },
    encoding: 'utf8',
  });
}
