import { type ActivityInterfaceFor, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { PairActivities } from '../contract/activities.js';
import type { AuditActivities } from '../contract/audit.js';
import { FAILURE_TYPES } from '../contract/failures.js';
import { ec2TaskQueue } from '../domain/names.js';

const NON_RETRYABLE = [FAILURE_TYPES.blocked, FAILURE_TYPES.stale];

/** Releases free what creates wait for, so they go first: 1 is the highest of Temporal's priorities. */
const PRIORITY = { release: { priorityKey: 1 }, change: { priorityKey: 3 } } as const;

/** Longest that one step is retried before the pair says that it is blocked, and tries again. */
const STEP_LIMIT = '5 minutes';

/**
 * How long, in milliseconds, an ENI may be attaching before it is replaced, or detaching before the pair decides anew. AWS
 * documents seconds; more than four minutes have been reported.
 */
export const WAIT_LIMIT_MS = 600_000;

/** Longer than the EC2 client's own timeout, 15 s, so that a slow call ends before its activity does. */
const CALL_TIMEOUT = '30 seconds';

/** The same for an activity that changes EC2: an ENI that differs in everything takes six calls, one after another. */
const CHANGE_TIMEOUT = '2 minutes';

/** How soon the loss of a worker is noticed; activities send a heartbeat twice as often. */
const HEARTBEAT_TIMEOUT = '6 seconds';

const retry = {
  initialInterval: '500 milliseconds',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
  nonRetryableErrorTypes: NON_RETRYABLE,
} as const;

/** Reads and reports: short, repeatable, and not worth events of their own in the history. */
export const local = proxyLocalActivities<Pick<PairActivities, 'observePair' | 'reportStatus'>>({
  startToCloseTimeout: CALL_TIMEOUT,
  scheduleToCloseTimeout: '2 minutes',
  localRetryThreshold: '10 seconds',
  retry: { ...retry, initialInterval: '200 milliseconds', maximumInterval: '10 seconds' },
});

const called = { startToCloseTimeout: CALL_TIMEOUT, heartbeatTimeout: HEARTBEAT_TIMEOUT, retry } as const;

const common = { ...called, scheduleToCloseTimeout: STEP_LIMIT } as const;

/** The calls that change EC2 to give a pair its ENI. */
export function changes(clusterName: string): ActivityInterfaceFor<Changes> {
  return proxyActivities<Changes>({ ...changing(clusterName), priority: PRIORITY.change });
}

/** The calls that change EC2 to take an ENI away. */
export function releases(clusterName: string): ActivityInterfaceFor<Releases> {
  return proxyActivities<Releases>({
    ...changing(clusterName),
    scheduleToCloseTimeout: WAIT_LIMIT_MS,
    priority: PRIORITY.release,
  });
}

/** Waits for EC2: retried with the delay that the activity names, which adds nothing to the history. */
export const waits = proxyActivities<Pick<PairActivities, 'verifyEni' | 'awaitInstance'>>({
  ...common,
  scheduleToCloseTimeout: WAIT_LIMIT_MS,
});

/** Writes to Kubernetes that must not be lost: retried for as long as it takes. */
export const writes = proxyActivities<Pick<PairActivities, 'releaseAttachment'>>(called);

/** The status report that a local activity could not deliver in time. */
export const reliably = proxyActivities<Pick<PairActivities, 'reportStatus'>>(called);

/** The audit's look at everything: 5,000 ENIs and as many Attachments are listed in seconds, by a few calls each. */
export const surveys = proxyActivities<Pick<AuditActivities, 'surveyEnis'>>({
  ...called,
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: WAIT_LIMIT_MS,
});

/** The audit's deletion of leaked ENIs: one that does not succeed is left to the next audit. */
export function sweeps(clusterName: string): ActivityInterfaceFor<Pick<AuditActivities, 'deleteOrphan'>> {
  return proxyActivities<Pick<AuditActivities, 'deleteOrphan'>>({
    ...changing(clusterName),
    scheduleToCloseTimeout: CHANGE_TIMEOUT,
    priority: PRIORITY.release,
  });
}

/** The queue of what changes EC2 has the cluster's rate. */
function changing(clusterName: string) {
  return { ...common, startToCloseTimeout: CHANGE_TIMEOUT, taskQueue: ec2TaskQueue(clusterName) } as const;
}

type Changes = Pick<PairActivities, 'createEni' | 'adoptEni' | 'attachEni' | 'configureEni'>;
type Releases = Pick<PairActivities, 'detachEni' | 'deleteEni'>;
