import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { REPO } from '../../dev/bootstrap/paths.js';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    expression?: string;
  }[];
  readonly hashes: readonly { readonly alg: string }[];
}

interface Bill {
  readonly bomFormat: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
}

interface Locked {
  readonly name?: string;
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
}

const PROGRAM = join(REPO, 'dev/production/sbom.mjs');
const COMMIT = { SOURCE_DATE_EPOCH: '1700000000' };

describe('dev/production/sbom.mjs', function () {
  this.timeout(60_000);
  let printed: string;
  let bill: Bill;
  let locked: readonly Locked[];

  before(async () => {
    printed = await run(REPO, COMMIT);
    bill = JSON.parse(printed) as Bill;
    const lock = JSON.parse(await readFile(join(REPO, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, Locked>;
    };
    locked = Object.entries(lock.packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(([path, entry]) => ({ ...entry, name: entry.name ?? path.replace(/^.*node_modules\//, '') }));
  });

  it('names every production package of the lockfile with its version, and no other', () => {
    const wanted = new Set(locked.map(({ name = '', version }) => `${name}@${version}`));

    const named = bill.components.map(({ name, version }) => `${name}@${version}`);

    assert.ok(named.includes('@temporalio/worker@1.24.0')); // npm's own --omit=dev leaves it out
    assert.deepEqual(named.toSorted(), [...wanted].toSorted());
  });

  it('tells the licence of each where the lockfile knows it, and a hash', () => {
    const licensed = new Map(locked.map(({ name = '', version, license }) => [`${name}@${version}`, license]));

    for (const { name, version, licenses = [], hashes } of bill.components) {
      const told = licenses.map(({ license, expression }) => license?.id ?? license?.name ?? expression).join();
      assert.equal(told, licensed.get(`${name}@${version}`) ?? '', name);
      assert.equal(hashes[0]?.alg, 'SHA-512', name);
    }
  });

  it('is about this program in this version', async () => {
    const { name, version } = JSON.parse(await readFile(join(REPO, 'package.json'), 'utf8')) as Component;

    assert.equal(bill.metadata.component.name, name);
    assert.equal(bill.metadata.component.version, version);
    assert.equal(bill.metadata.timestamp, '2023-11-14T22:13:20.000Z');
  });

  it('is the same to the byte when it is made again, in another folder', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'multi-eni-sbom-'));
    const elsewhere = join(dir, 'app');
    await mkdir(elsewhere);
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
      await cp(join(REPO, name), join(elsewhere, name));
    }

    const again = await run(elsewhere, COMMIT);
    await rm(dir, { recursive: true });

    assert.equal(again, printed);
  });
});

async function run(cwd: string, env: Record<string, string>): Promise<string> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 << 20 };
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], options);
  return stdout;
}
