import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'yaml';

import { REPO } from '../../dev/bootstrap/paths.js';
import { composeVariables } from '../../dev/production/compose.js';
import { nodeVersions } from '../../dev/production/node-versions.js';

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
}

describe('a release', () => {
  let manifest: Manifest;

  before(async () => {
    manifest = JSON.parse(await text('package.json')) as Manifest;
  });

  it('has one version everywhere (docs/releasing.md)', async () => {
    const lock = JSON.parse(await text('package-lock.json')) as { version: string; packages: Record<string, Manifest> };
    const variables = await composeVariables();
    const charts = ['multi-eni-controller', 'multi-eni-crds'].map((name) => text(`deploy/helm/${name}/Chart.yaml`));
    const chartVersions = (await Promise.all(charts)).flatMap((chart) => {
      const { version, appVersion } = parse(chart) as { version: string; appVersion: string };
      return [version, appVersion];
    });

    const tag = /^ *newTag: (.*)$/m.exec(await text('deploy/base/settings/kustomization.yaml'))?.[1];

    const ofPackage = [lock.version, lock.packages['']?.version];
    const versions = [...ofPackage, variables['CONTROLLER_VERSION'], tag, ...chartVersions];

    assert.deepEqual([...new Set(versions)], [manifest.version]);
  });

  it('is the newest in the changelog, or what is unreleased is above it', async () => {
    const headings = [...(await text('CHANGELOG.md')).matchAll(/^## \[([^\]]+)\](.*)$/gm)];
    const [[, newest = '', date = ''] = [], ...released] = headings;

    assert.ok(['Unreleased', manifest.version].includes(newest), newest);
    if (newest !== 'Unreleased') assert.match(date, /^ - \d{4}-\d{2}-\d{2}$/);
    if (newest === 'Unreleased' && released.length > 0) assert.equal(released[0]?.[1], manifest.version);
  });

  it('asks for the versions of Node.js that are tested', async () => {
    const { oldest, image, newest } = await nodeVersions();
    const [major = 0] = newest.split('.').map(Number);
    const lib = await text('dev/bootstrap/lib.sh');

    assert.equal(manifest.engines.node, `>=${oldest.replace(/\.0$/, '')} <${major + 1}`);
    assert.match(lib, new RegExp(`^NODE_NEEDED=${oldest.replace(/\.0$/, '')}\\b`, 'm'));
    assert.match(lib, new RegExp(`^NODE_BROUGHT=${image}\\b`, 'm'));
  });

  it('is tried on the Temporal server and the PostgreSQL that docker-compose.yml runs', async () => {
    const { TEMPORAL_VERSION: temporal = '', POSTGRES_VERSION: postgres = '' } = await composeVariables();

    assert.match(await text('dev/temporal-server/go.mod'), new RegExp(`go\\.temporal\\.io/server v${temporal}\\b`));
    assert.match(
      await text('dev/bootstrap/postgres.sh'),
      new RegExp(`^version=${postgres.split('.')[0] ?? ''}\\.`, 'm'),
    );
  });
});

async function text(path: string): Promise<string> {
  return await readFile(join(REPO, path), 'utf8');
}
