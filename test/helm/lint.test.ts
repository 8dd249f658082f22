import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { globSync } from 'node:fs';

import { REPO } from '../../dev/bootstrap/paths.js';
import { packageVersion } from '../deploy/manifests.js';
import { CONTROLLER, CRDS, helm, readYaml } from './charts.js';

/** Where each copy in a chart is from; dev/helm/copy.sh makes them. */
const ORIGINALS = ['deploy/crds', 'deploy/observability', 'deploy/temporal'];

describe('the Helm charts', function () {
  this.timeout(600_000); // helm may have to be built

  for (const chart of [CONTROLLER, CRDS]) {
    it(`${basename(chart)} passes helm's own check, warnings included`, async () => {
      const output = await helm('lint', '--strict', chart);

      assert.match(output, /1 chart\(s\) linted, 0 chart\(s\) failed/);
    });

    it(`${basename(chart)} has the version of the program`, async () => {
      const { version, appVersion } = (await readYaml(join(chart, 'Chart.yaml'))) as Record<string, string>;

      assert.deepEqual([version, appVersion], Array.from({ length: 2 }).fill(await packageVersion()));
    });
  }

  it('have copies that are like their originals (sh dev/helm/copy.sh)', async () => {
    const copies = globSync('deploy/helm/*/files/*', { cwd: REPO });
    const different: string[] = [];
    for (const copy of copies) {
      const [original] = ORIGINALS.flatMap((folder) => globSync(join(folder, basename(copy)), { cwd: REPO }));
      const same = original !== undefined && (await text(copy)) === (await text(original));
      if (!same) different.push(copy);
    }

    assert.deepEqual(different, []);
    assert.equal(copies.length, globSync('deploy/crds/networking*.yaml', { cwd: REPO }).length + 2);
  });

  async function text(file: string): Promise<string> {
    return await readFile(join(REPO, file), 'utf8');
  }
});
