import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { eventually } from '../../dev/stack/eventually.js';
import type { PairActivities } from '../../src/contract/activities.js';
import { FAILURE_TYPES, type FailureDetail } from '../../src/contract/failures.js';
import type { EniAttachmentFacts } from '../../src/domain/observation.js';
import type { PairLab } from '../support/builders-temporal.js';

/** A way in which a workflow's life can go, to be recorded. */
export interface Life {
  /** Lives it. */
  readonly live: (lab: PairLab, client: Client) => Promise<void>;
  /** Replaces some of the activities. Default: none. */
  readonly changed?: (real: PairActivities, lab: PairLab) => Partial<PairActivities>;
  /**
   * What its histories hold, or they are of another life: types of activities and of events, summaries of
   * activities and timers, and attempts.
   */
  readonly shows: readonly string[];
  /** How many runs it takes. Default 1. */
  readonly runs?: number;
}

/** Lives with their names. */
export type Lives = Readonly<Record<string, Life>>;

/** Begins a pair's life, until its ENI is attached. */
export async function begin(lab: PairLab): Promise<void> {
  await lab.life();
  await lab.attached();
}

/** Deletes the pair's Attachment, and waits until its workflow has ended. */
export async function release(lab: PairLab): Promise<void> {
  lab.cloud.remove();
  await lab.signal();
  await lab.end();
}

/** Waits until an activity of this type has been given to a worker and has not ended. */
export async function under(lab: PairLab, type: string): Promise<void> {
  await eventually(`${type} is under way`, async () => {
    const { raw } = await lab.handle.describe();
    return raw.pendingActivities?.some(({ activityType }) => activityType?.name === type);
  });
}

/** Waits until the workflow has begun this run. */
export async function inRun(lab: PairLab, client: Client, number: number): Promise<void> {
  await eventually(`run ${number}`, async () => (await runsOf(lab, client)).length === number);
}

/** Waits until the workflow waits for a timer, or has. */
export async function timed(lab: PairLab): Promise<void> {
  await eventually('a timer', async () => {
    const { events } = await lab.handle.fetchHistory();
    return events?.some(({ timerStartedEventAttributes: timer }) => timer);
  });
}

/** The ids of the runs of the lab's workflow, the first one first. */
export async function runsOf({ handle }: PairLab, client: Client): Promise<string[]> {
  const runs: string[] = [];
  for (let runId = (await handle.describe()).runId; runId !== '';) {
    runs.unshift(runId);
    const { events } = await client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  }
  return runs;
}

/** Changes where the pair's ENI is attached, behind the controller's back; null detaches it. */
export function moveByHand(lab: PairLab, changes: Partial<EniAttachmentFacts> | null): void {
  const [eni] = lab.cloud.ownedBy(lab.cloud.target.uid);
  if (!eni?.attachment) throw new Error('the pair has no attached ENI');
  lab.cloud.byHand(eni.eniId, { attachment: changes === null ? null : { ...eni.attachment, ...changes } });
}

/** What an activity says of a failure that Temporal does not retry. */
export function refusal(
  detail: Pick<FailureDetail, 'reason' | 'definite'>,
  type: 'blocked' | 'stale' = 'blocked',
): ApplicationFailure {
  const details = [{ message: 'as the recording wants it', ...detail }];
  return ApplicationFailure.create({ type: FAILURE_TYPES[type], nonRetryable: true, details });
}

/** Does one thing at the first call, and another from the second on. */
export function firstThen<A extends unknown[], R>(
  first: (...args: NoInfer<A>) => Promise<R>,
  then: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  let calls = 0;
  return async (...args) => ((calls += 1) === 1 ? first(...args) : then(...args));
}
