import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { REPO } from '../../dev/bootstrap/paths.js';

const execute = promisify(execFile);
const WHO = [
  '-c',
  'user.name=a',
  '-c',
  'user.email=a@b.c',
  '-c',
  'commit.gpgsign=false',
  '-c',
  'core.hooksPath=/dev/null',
];
const AT = '2026-12-01T12:00:00+02:00';

describe('dev/production/build-image.sh', () => {
  let dir: string;
  let clone: string;

  before('a clone with one commit, and a docker that prints its arguments', async () => {
    dir = await mkdtemp(join(tmpdir(), 'multi-eni-image-'));
    clone = join(dir, 'clone');
    await mkdir(join(clone, 'dev/production'), { recursive: true });
    await mkdir(join(dir, 'bin'));
    for (const path of ['package.json', 'dev/production/build-image.sh']) await cp(join(REPO, path), join(clone, path));
    await writeFile(join(dir, 'bin/docker'), '#!/bin/sh\nprintf "%s\\n" "$SOURCE_DATE_EPOCH" "$@"\n');
    await chmod(join(dir, 'bin/docker'), 0o755);
    const env = { ...process.env, GIT_AUTHOR_DATE: AT, GIT_COMMITTER_DATE: AT };
    for (const args of [['init'], ['add', '.'], [...WHO, 'commit', '--message', 'a']]) {
      await execute('git', args, { cwd: clone, env });
    }
  });

  after(async () => {
    await rm(dir, { recursive: true });
  });

  async function build(): Promise<string[]> {
    const env = { ...process.env, PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`, SOURCE: 'somewhere' };
    const script = join(clone, 'dev/production/build-image.sh');
    const { stdout } = await execute('sh', [script, 'registry/controller', '--push'], { env });
    return stdout.trim().split('\n');
  }

  it('gives the labels the version, the commit and its time, and the options to docker', async () => {
    const { version } = JSON.parse(await readFile(join(REPO, 'package.json'), 'utf8')) as { version: string };
    const { stdout: revision } = await execute('git', ['rev-parse', 'HEAD'], { cwd: clone });

    const [epoch, ...args] = await build();

    assert.equal(epoch, '1796119200');
    const given = args.filter((_, index) => args[index - 1] === '--build-arg');
    assert.deepEqual(given, [
      `VERSION=${version}`,
      `REVISION=${revision.trim()}`,
      'CREATED=2026-12-01T10:00:00Z',
      'SOURCE=somewhere',
      'SOURCE_DATE_EPOCH=1796119200',
    ]);
    assert.deepEqual(args.slice(-4), ['--tag', `registry/controller:${version}`, '--push', '.']);
  });

  it('names every argument of the Dockerfile but the version of Node.js, which is in there', async () => {
    const file = await readFile(join(REPO, 'Dockerfile'), 'utf8');
    const declared = [...file.matchAll(/^ARG ([A-Z_]+)/gm)].map(([, name]) => name);

    const args = await build();

    const given = args.flatMap((arg, index) => (args[index - 1] === '--build-arg' ? [arg.split('=')[0]] : []));
    assert.deepEqual(given.toSorted(), declared.filter((name) => name !== 'NODE_VERSION').toSorted());
  });

  it('refuses a work tree that is not the commit', async () => {
    await writeFile(join(clone, 'new'), '');

    await assert.rejects(build(), /the work tree differs from the commit/);
  });
});
