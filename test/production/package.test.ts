import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { buildWhenNeeded } from '../../dev/bench/build.js';
import { REPO } from '../../dev/bootstrap/paths.js';

const execute = promisify(execFile);
const BUNDLE = 'dist/workflow-bundle.js';

describe('what `npm pack` puts into the package', function () {
  this.timeout(120_000); // it may have to be built
  let files: string[];

  before(async () => {
    buildWhenNeeded();
    const { stdout } = await execute('npm', ['pack', '--dry-run', '--json'], { cwd: REPO, maxBuffer: 64 << 20 });
    const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
    files = (packed?.files ?? []).map(({ path }) => path);
  });

  it('is what src compiles to, with the workflow bundle', () => {
    const compiled = globSync('**/*.ts', { cwd: join(REPO, 'src') }).flatMap((source) => {
      const output = `dist/${source.replace(/\.ts$/, '.js')}`;
      return [output, `${output}.map`];
    });

    const dist = files.filter((path) => path.startsWith('dist/'));

    assert.deepEqual(dist.toSorted(), [...compiled, BUNDLE].toSorted());
  });

  it('is deploy as git has it, and the texts that a package has at its root', async () => {
    const { stdout } = await execute('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'deploy'], {
      cwd: REPO,
    });
    const deploy = stdout.trim().split('\n');

    const others = files.filter((path) => !path.startsWith('dist/'));

    const texts = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
    assert.deepEqual(others.toSorted(), [...deploy, ...texts].toSorted());
  });

  it('has every program that package.json names', async () => {
    const { bin } = JSON.parse(await readFile(join(REPO, 'package.json'), 'utf8')) as { bin: Record<string, string> };

    for (const path of Object.values(bin)) {
      assert.ok(files.includes(path), path);
      assert.match(await readFile(join(REPO, path), 'utf8'), /^#!\/usr\/bin\/env node\n/, path);
    }
  });

  it('names no folder of the machine that built it', async () => {
    const naming: string[] = [];

    for (const path of files) {
      const text = await readFile(join(REPO, path), 'utf8');
      if ([text, ...inlineSourceMaps(text)].some((each) => each.includes(`${REPO}/`))) naming.push(path);
    }

    assert.deepEqual(naming, []);
  });
});

function inlineSourceMaps(text: string): string[] {
  const maps = text.matchAll(/sourceMappingURL=data:application\/json;[^,]*base64,([\w+/=]+)/g);
  return [...maps].map(([, data = '']) => Buffer.from(data, 'base64').toString('utf8'));
}
