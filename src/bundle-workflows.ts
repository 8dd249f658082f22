import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { BUNDLE_URL } from './worker/workflow-source.js';

/**
 * The SDK takes a stack trace of every promise of a workflow, for the Call Stack in the Web UI: half of the CPU of a
 * replay. On the first line of the bundle, since the SDK freezes what is global once that is loaded.
 */
const WITHOUT_TRACES = 'Error.stackTraceLimit = 0;';

/** Bundles the workflows once, at build time, so that a start needs no bundler and a bad import fails the build. */
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./workflows/index.js', import.meta.url)),
});
await writeFile(BUNDLE_URL, `${WITHOUT_TRACES} ${withoutOurFolder(code)}`);

/** Its source map, and with it the stack traces in histories, would else name folders of the machine that built it. */
function withoutOurFolder(bundle: string): string {
  const root = fileURLToPath(new URL('..', import.meta.url));
  return bundle.replace(/(?<=sourceMappingURL=data:[^,]*base64,)[\w+/=]+/g, (map) =>
    Buffer.from(Buffer.from(map, 'base64').toString('utf8').replaceAll(root, '')).toString('base64'),
  );
}
