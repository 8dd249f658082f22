import type { Client } from '@temporalio/client';

import { auditId } from '../../src/domain/names.js';
import { eventually } from '../stack/eventually.js';
import { auditsSince, problemsOf, type Run, runsOf } from './history.js';
import { CLUSTER, type Lab } from './lab.js';
import type { Living } from './settle.js';
import type { Subject } from './subject.js';

/** Longest that Temporal's list of runs may lag behind. */
const VISIBILITY_MS = 30_000;

const LOOK_MS = 200;

/** What is wrong in Temporal's records of a pair, or of the audit that swept it; empty when nothing is. */
export async function temporalProblems(lab: Lab, { subject, phase }: Living): Promise<string[]> {
  return lab.pairs.temporal(async (client) => {
    if (phase !== 'sweep') {
      const runs = await ended(subject.name, async () => ownRuns(client, subject));
      return problemsOf(client, runs, (id) => id === subject.workflowId);
    }
    const audits = await ended('the audit', async () => auditsSince(client, subject.sweptAt ?? new Date()));
    const strays = (await ownRuns(client, subject)).map(({ runId }) => `run ${runId} of a pair that was lost`);
    return [...strays, ...(await problemsOf(client, audits, (id) => id.startsWith(auditId(CLUSTER))))];
  });
}

/** But for those that we have ended ourselves. */
async function ownRuns(client: Client, { name, lostRuns }: Subject): Promise<Run[]> {
  return (await runsOf(client, CLUSTER, name)).filter(({ runId }) => !lostRuns.has(runId));
}

/** The list lags behind, so it is waited for until it shows the runs' end. */
async function ended(name: string, list: () => Promise<Run[]>): Promise<Run[]> {
  const all = async (): Promise<Run[] | null> => {
    const runs = await list();
    return runs.length > 0 && runs.every(({ status }) => status !== 'RUNNING') ? runs : null;
  };
  const options = { timeoutMs: VISIBILITY_MS, intervalMs: LOOK_MS };
  return eventually(`the runs of ${name} have ended`, all, options).catch(list);
}
