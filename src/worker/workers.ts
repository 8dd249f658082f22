import { getHeapStatistics } from 'node:v8';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { ec2TaskQueue, taskQueue } from '../domain/names.js';
import { type DeploymentVersion, versioningOptions } from './deployment.js';
import { workerSizes } from './sizes.js';
import { workflowSource } from './workflow-source.js';

/**
 * EC2 changes that may be under way at a time. At 100 ms a call 25 would do for the default rate; real calls take up to
 * a second.
 */
export const EC2_CONCURRENCY = 64;

/** Waits for EC2 that may be under way at a time: each is a timer and a share of a common Describe. */
const WAIT_CONCURRENCY = 1_000;

/** How long calls under way may take to end after a stop; the Deployment's grace period is longer. */
const SHUTDOWN_GRACE = '20 seconds';

/** What the workers of a cluster are made of. */
export interface WorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly clusterName: string;
  readonly identity: string;
  readonly activities: object;
  /** EC2 changes a second for the whole cluster, kept by the Temporal server for all workers together. */
  readonly ec2Rate: number;
  readonly version: DeploymentVersion;
}

/** The two workers of a process: one for workflows, reads and waits, one for the calls that change EC2. */
export async function createWorkers(settings: WorkerSettings): Promise<readonly [Worker, Worker]> {
  const { connection, namespace, clusterName, identity, activities, ec2Rate, version } = settings;
  const own = { connection, namespace, identity, activities };
  const common = { ...own, ...versioningOptions(version), shutdownGraceTime: SHUTDOWN_GRACE } as const;
  const { cachedWorkflows, tasks } = workerSizes(getHeapStatistics().heap_size_limit);
  const pairs = await Worker.create({
    ...common,
    ...workflowSource(),
    taskQueue: taskQueue(clusterName),
    maxConcurrentActivityTaskExecutions: WAIT_CONCURRENCY,
    maxConcurrentLocalActivityExecutions: tasks,
    maxConcurrentWorkflowTaskExecutions: tasks,
    maxCachedWorkflows: cachedWorkflows,
    // Else it would stand still for ever. All that it knew stands in the Attachment and in EC2: the next run goes on.
    workflowFailureErrorTypes: { '*': ['NondeterminismError'] },
    // How long a workflow task waits for the worker that knows it, should that have died.
    stickyQueueScheduleToStartTimeout: '5 seconds',
  });
  const ec2 = await Worker.create({
    ...common,
    taskQueue: ec2TaskQueue(clusterName),
    maxConcurrentActivityTaskExecutions: EC2_CONCURRENCY,
    maxTaskQueueActivitiesPerSecond: ec2Rate,
  });
  return [pairs, ec2];
}
