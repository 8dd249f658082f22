import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

import { inProcess, plugin } from './support/run.js';

const COMMANDS = ['status', 'why', 'plan', 'history', 'orphans', 'retry', 'pause', 'resume', 'completion'];

describe('the plugin without a cluster', function () {
  this.timeout(90_000);

  it('names all its commands when asked for help', async () => {
    const { code, out } = await plugin(['--help'], {});

    assert.equal(code, 0);
    for (const command of COMMANDS) assert.match(out, new RegExp(`^  ${command} `, 'm'));
  });

  for (const command of COMMANDS) {
    it(`has a help for ${command}`, async () => {
      const { code, out } = await inProcess([command, '--help']);

      assert.equal(code, 0);
      assert.match(out, new RegExp(`^Usage: kubectl multi-eni ${command}`));
    });
  }

  for (const args of [[], ['walk'], ['why'], ['plan'], ['status', '-o', 'xml'], ['retry', 'a', '--fast']]) {
    it(`exits 2 for "${args.join(' ')}", and says how it is used`, async () => {
      const { code, err } = await inProcess(args);

      assert.equal(code, 2);
      assert.match(err, /--help|Usage:/);
    });
  }

  it('exits 2 as a process, too', async () => {
    assert.equal((await plugin(['walk'], {})).code, 2);
  });

  it('says which kubeconfig it looked for, and which context it lacks', async () => {
    const { code, err } = await inProcess(['status'], { KUBECONFIG: '/nonexistent/kubeconfig' });

    assert.equal(code, 1);
    assert.match(err, /no connection to a cluster: .*nonexistent\/kubeconfig/);
    assert.match(err, /--kubeconfig/);
  });

  it('completes commands, options and their values, and offers no names without a cluster', async () => {
    const complete = async (...words: string[]): Promise<string> => (await inProcess(['__complete', ...words])).out;

    assert.equal(await complete('re'), 'retry\nresume\n:4\n');
    assert.equal(await complete('why', '--a'), '--all\n:4\n');
    assert.equal(await complete('status', '-o', ''), 'wide\njson\n:4\n');
    assert.equal(await complete('why', ''), ':4\n');
    assert.equal(await complete('plan', '-f', ''), ':4\n');
  });

  it('prints a completion that bash understands', async () => {
    const { out } = await inProcess(['completion', 'bash']);
    const call = `${out}\nkubectl-multi_eni() { printf '%s\\n' "$@" ':4'; }\nCOMP_WORDS=(kubectl-multi_eni why a); COMP_CWORD=2\n_kubectl_multi_eni\nprintf '%s,' "\${COMPREPLY[@]}"`;

    const { status, stdout } = spawnSync('bash', ['-c', call], { encoding: 'utf8' });

    assert.equal(status, 0);
    assert.equal(stdout, '__complete,why,a,');
  });

  for (const shell of ['zsh', 'fish']) {
    it(`prints a completion for ${shell}`, async () => {
      const { code, out } = await inProcess(['completion', shell]);

      assert.equal(code, 0);
      assert.match(out, /kubectl-multi_eni __complete/);
    });
  }
});
