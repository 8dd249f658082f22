import { namedPair } from '../pairs/target.js';
import { span } from '../render/age.js';
import { table } from '../render/table.js';
import type { Session } from '../session.js';
import { type ActivityRow, activityRows } from '../temporal/activity-rows.js';
import { withTemporal } from '../temporal/connect.js';
import { aboutWorkflow } from '../temporal/failures.js';
import { pendingActivities, type PendingActivity } from '../temporal/pending.js';

interface Run {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: string;
  /** The run before, of which this one is the continuation; null for a first one. */
  readonly continues: string | null;
  readonly activities: readonly ActivityRow[];
}

/** Prints the activities of a pair's workflow. @param runId - default: the latest run @throws CliFailure */
export async function history(session: Session, pairName: string, runId: string | undefined): Promise<void> {
  const { workflowId } = await namedPair(session, pairName);
  const run = await readRun(session, workflowId, runId);
  session.print({ ...run, webUi: session.webUi(workflowId) }, () => text(session, run));
}

async function readRun(session: Session, workflowId: string, runId: string | undefined): Promise<Run> {
  const missing =
    `Temporal has no workflow ${workflowId}\n` +
    'It is forgotten after the retention of its namespace. If the controller has another name for the cluster, give --cluster-name.';
  return withTemporal(session, async (client) =>
    aboutWorkflow(`read the history of ${workflowId}`, missing, async () => {
      const handle = client.workflow.getHandle(workflowId, runId);
      const described = await handle.describe(); // first, since it alone tells a missing workflow by a type of its own
      const { events } = await handle.fetchHistory();
      const [first] = events ?? [];
      const earlier = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
      return {
        workflowId,
        runId: described.runId,
        status: described.status.name,
        continues: earlier === '' ? null : earlier,
        activities: activityRows(events ?? []).map((row) => withPending(row, pendingActivities(described.raw))),
      };
    }),
  );
}

/** The attempts of an activity under way are not in the history until it ends: the server alone knows them. */
function withPending(row: ActivityRow, pending: readonly PendingActivity[]): ActivityRow {
  if (row.outcome !== 'under way') return row;
  const found = pending.find(({ activity }) => activity === row.activity);
  return found === undefined ? row : { ...row, attempt: found.attempt, failure: found.failure };
}

function text(session: Session, run: Run): string {
  const rows = run.activities.map((row) => [
    new Date(row.at).toISOString(),
    row.activity,
    String(row.attempt),
    row.outcome,
    row.tookMs === null ? '' : took(row.tookMs),
    row.failure === '' ? row.summary : row.failure,
  ]);
  const webUi = session.webUi(run.workflowId);
  return [
    `Workflow ${run.workflowId}, run ${run.runId}: ${run.status.toLowerCase()}\n`,
    webUi === null ? '' : `Web UI ${webUi}\n`,
    run.continues === null ? '' : `Earlier activities: --run ${run.continues}\n`,
    '\n',
    rows.length === 0
      ? 'It has changed nothing yet, and its reads are not listed: `kubectl multi-eni why` tells what it waits for.\n'
      : table(['Time', 'Activity', 'Attempt', 'Outcome', 'Took', 'Detail'], rows),
  ].join('');
}

function took(ms: number): string {
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)}s` : span(ms);
}
