import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inspect } from 'node:util';

import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

import { REPO } from '../../dev/bootstrap/paths.js';
import { bundled, quiet } from '../support/builders-temporal.js';

const HISTORIES = globSync(join(REPO, 'test/histories/*.json')).sort();

/** Replays a history. Resolves with what the worker has against it. */
async function replayed(bundle: WorkflowBundleWithSourceMap, file: string): Promise<unknown> {
  try {
    await Worker.runReplayHistory({ workflowBundle: bundle }, JSON.parse(readFileSync(file, 'utf8')));
    return null;
  } catch (error) {
    return error;
  }
}

describe('the recorded histories', function () {
  this.timeout(60_000);

  before(quiet);

  it('are there', () => {
    assert.ok(HISTORIES.length >= 5);
  });

  it('all replay with the workflow as it is now', async () => {
    const bundle = await bundled();
    const failures: string[] = [];

    for (const file of HISTORIES) {
      const error = await replayed(bundle, file);
      if (error !== null) failures.push(`${basename(file)}: ${inspect(error)}`);
    }

    assert.deepEqual(failures, []);
  });

  it('do not replay with a workflow that has one activity more', async () => {
    const scratch = join(REPO, '.cache/replay');
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    for (const folder of ['domain', 'contract', 'workflows']) {
      cpSync(join(REPO, 'src', folder), join(scratch, folder), { recursive: true });
    }
    const loop = join(scratch, 'workflows/pair-loop.ts');
    const source = readFileSync(loop, 'utf8');
    const changed = source
      .replace(/import \{ local([^}]*)\} from '.\/activities.js'/, "import { local$1, waits } from './activities.js'")
      .replace(/async run\(\)[^{]*\{/, "$& await waits.awaitInstance('i-1');");
    assert.match(changed, /waits \} from/);
    assert.match(changed, /awaitInstance\('i-1'\)/);
    writeFileSync(loop, changed);
    const bundle = await bundled(join(scratch, 'workflows/index.ts'));

    const error = await replayed(bundle, HISTORIES[0] ?? '');

    assert.ok(error instanceof DeterminismViolationError, String(error));
    rmSync(scratch, { recursive: true });
  });
});
