import assert from 'node:assert/strict';
import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

import { REPO } from '../../dev/bootstrap/paths.js';
import { scratchRepository } from './scratch-repository.js';

/** Temporal's sandboxed half, and what that is made with. */
const ALLOWED = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc'];

describe('the workflow bundle', function () {
  this.timeout(60_000);

  it('can be made of src/workflows, and holds no package but those of the sandbox', async () => {
    const packages = await packagesIn(join(REPO, 'src/workflows/index.ts'));

    assert.deepEqual(
      packages.filter((name) => !ALLOWED.includes(name)),
      [],
    );
    assert.ok(packages.includes('@temporalio/workflow'));
  });

  it('shows the AWS SDK when a workflow imports it: the bundler takes its build for browsers without a word', async () => {
    const leaking = copyWith(
      "import { EC2Client } from '@aws-sdk/client-ec2';\nexport const leak = new EC2Client();\n",
    );

    assert.ok((await packagesIn(leaking)).includes('@aws-sdk/client-ec2'));
  });

  it("cannot be made when a workflow imports one of Node's own modules", async () => {
    const leaking = copyWith("import { readFileSync } from 'node:fs';\nexport const leak = readFileSync;\n");

    await assert.rejects(packagesIn(leaking), /Webpack finished with errors/);
  });
});

/** A copy of src whose workflows also have this code; returns the path of their index. */
function copyWith(code: string): string {
  const dir = scratchRepository({});
  cpSync(join(REPO, 'src'), join(dir, 'src'), { recursive: true });
  const index = join(dir, 'src/workflows/index.ts');
  writeFileSync(join(dir, 'src/workflows/leak.ts'), code);
  appendFileSync(index, "export { leak } from './leak.js';\n");
  return index;
}

async function packagesIn(workflowsPath: string): Promise<string[]> {
  const logger = new DefaultLogger('ERROR', () => undefined);
  const { code } = await bundleWorkflowCode({ workflowsPath, logger });
  const names = code.matchAll(/node_modules\/((?:@[a-z0-9-]+\/)?[a-z0-9._-]+)\//g);
  return [...new Set(Array.from(names, ([, name = '']) => name))].sort();
}
