import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { BUNDLE_URL } from './worker/workflow-source.js';

/** Bundles the workflows once, at build time, so that a start needs no bundler and a bad import fails the build. */
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./workflows/index.js', import.meta.url)),
});
await writeFile(BUNDLE_URL, code);
