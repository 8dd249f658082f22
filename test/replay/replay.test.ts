import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';

import { REPO } from '../../dev/bootstrap/paths.js';
import { bundled, quiet } from '../support/builders-temporal.js';
import { check, contents, explained, fileName, histories } from './histories.js';
import { LIVES } from './lives.js';

const RECORDED = histories();
const RELEASES = [...new Set(RECORDED.map(({ release }) => release))];

/** The release that the sources are of. */
const { version: NEWEST } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as { version: string };

describe('the recorded histories', function () {
  this.timeout(60_000);
  let bundle: WorkflowBundleWithSourceMap;

  before(async () => {
    quiet();
    bundle = await bundled();
  });

  for (const release of RELEASES) {
    it(`of release ${release} replay with the workflows as they are now`, async () => {
      const failures = await check(
        bundle,
        RECORDED.filter((one) => one.release === release),
      );

      assert.equal(explained(failures), '');
    });
  }

  it('are of every release that the changelog names, and of the version in package.json', () => {
    const changelog = readFileSync(join(REPO, 'CHANGELOG.md'), 'utf8');

    const released = Array.from(changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\]/gm), ([, version = '']) => version);
    const without = [NEWEST, ...released].filter((version) => !RELEASES.includes(version));
    assert.deepEqual(without, [], 'npx tsx test/replay/record.ts records those of the version in package.json');
  });

  it('each have a release in their names', () => {
    const odd = RECORDED.filter(({ release }) => release === '').map(({ name }) => name);

    assert.deepEqual(odd, []);
  });

  it('hold nothing of the machine that recorded them', () => {
    const revealing = RECORDED.filter(({ read }) => JSON.stringify(read()).includes(`${REPO}/`));

    assert.deepEqual(revealing, []);
  });
});

describe(`the lives that are recorded from release ${NEWEST}`, () => {
  for (const [life, { shows, runs = 1 }] of Object.entries(LIVES)) {
    it(`have the one called ${life}, and it is what it is called`, () => {
      const found = RECORDED.filter((one) => one.release === NEWEST && one.life === life);

      const names = Array.from({ length: runs }, (_, run) => fileName(NEWEST, life, run + 1, runs));
      assert.deepEqual(
        found.map(({ name }) => name),
        names,
      );
      const held = new Set(found.flatMap(({ read }) => contents(read())));
      assert.deepEqual(
        shows.filter((part) => !held.has(part)),
        [],
        [...held].join('; '),
      );
    });
  }

  it('are all that there are', () => {
    const kinds = new Set(RECORDED.filter(({ release }) => release === NEWEST).map(({ life }) => life));

    assert.deepEqual([...kinds].sort(), Object.keys(LIVES).sort());
  });
});
