import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { REPO } from '../../dev/bootstrap/paths.js';
import { findChromium } from '../../dev/screenshot/chromium.js';

/** Of glibc and the package that it depends on: every Debian and Ubuntu has them. */
const EVERYWHERE = /^(ld-linux-x86-64|libc|libdl|libgcc_s|libm|libpthread|librt|linux-vdso)\.so/;

const isBundled = process.platform === 'linux' && process.arch === 'x64';

describe('the Chromium of the tests', function () {
  this.timeout(60_000);

  it('is the one that CHROMIUM names, wherever that is', async () => {
    const found = await findChromium({ chosen: '/opt/mine', exists: () => true });

    assert.deepEqual(found, { path: '/opt/mine', env: {} });
  });

  it('is not looked for elsewhere when CHROMIUM names none', async () => {
    const found = findChromium({ chosen: '/opt/mine', exists: () => false });

    await assert.rejects(found, /^Error: CHROMIUM is \/opt\/mine, which does not exist: correct it$/);
  });

  it('is one of the machine where the npm package has none', async () => {
    const mac = { platform: 'darwin', arch: 'arm64', chosen: undefined };

    const found = await findChromium({ ...mac, exists: (path) => path.includes('Google Chrome') });

    assert.match(found.path, /Google Chrome$/);
  });

  it('is asked for in words where there is none at all', async () => {
    const found = findChromium({ platform: 'linux', arch: 'arm64', chosen: undefined, exists: () => false });

    await assert.rejects(found, /no Chromium for linux on arm64: install Chromium or Chrome, or set CHROMIUM/);
  });

  it('on Linux on x64 lies in the project, and needs no library that is not there', async function () {
    if (!isBundled) this.skip(); // the npm package has none for this machine
    const { path, env } = await findChromium({ chosen: undefined });
    // Instead of starting a program, the loader then lists what it would load.
    const asked = { ...process.env, ...env, LD_TRACE_LOADED_OBJECTS: '1' };
    const output = execFileSync(path, { encoding: 'utf8', env: asked });

    const needed = output.split('\n').flatMap(
      (line) =>
        line
          .trim()
          .split(/ => | \(/)
          .slice(0, 2)
          .join(' ') || [],
    );
    const others = needed.filter(
      (line) => !EVERYWHERE.test(line.replace(/^\S*\//, '')) && !line.includes(dirname(path)),
    );
    assert.ok(path.startsWith(join(REPO, '.cache')), path);
    assert.ok(needed.length > 5, output);
    assert.deepEqual(others, []);
  });
});
