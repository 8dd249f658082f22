import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

import { PairLab } from '../support/builders-temporal.js';
import { type Life, type Lives, runsOf } from './life.js';
import { AUDITS } from './lives/audits.js';
import { ENDINGS } from './lives/endings.js';
import { TROUBLE } from './lives/trouble.js';
import { USUAL } from './lives/usual.js';

/** Every kind of life that is recorded, of pairs and of audits, by the name of its history. */
export const LIVES: Lives = { ...USUAL, ...TROUBLE, ...ENDINGS, ...AUDITS };

/** Lives a life on the server. Returns the history of each run as the JSON that `temporal workflow show` prints. */
export async function recorded(
  env: TestWorkflowEnvironment,
  bundle: WorkflowBundleWithSourceMap,
  life: Life,
): Promise<string[]> {
  const lab = await PairLab.start(env, bundle, life.changed);
  try {
    await life.live(lab, env.client);
    const { workflowId } = lab.handle;
    const runs = await runsOf(lab, env.client);
    return await Promise.all(
      runs.map(async (runId) => historyToJSON(await env.client.workflow.getHandle(workflowId, runId).fetchHistory())),
    );
  } finally {
    await lab.stop();
  }
}
