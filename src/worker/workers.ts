import { type NativeConnection, Worker } from '@temporalio/worker';
import { ec2TaskQueue, taskQueue } from '../domain/names.js';
import { workflowSource } from './workflow-source.js';

/**
 * EC2 changes that may be under way at a time. At 100 ms a call 25 would do for the default rate; real calls take up to
 * a second.
 */
export const EC2_CONCURRENCY = 64;

/** Waits for EC2 that may be under way at a time: each is a timer and a share of a common Describe. */
const WAIT_CONCURRENCY = 1_000;

/**
 * Reads and reports that may be under way at a time. A workflow task lasts as long as its local activities, and a read
 * waits up to a second to share its call: with the default of 40 tasks, 40 pairs a second would be the limit.
 */
const READ_CONCURRENCY = 500;

/** Workflows kept in memory, about 0.15 MB each; others are replayed when they wake. */
const CACHED_WORKFLOWS = 2_000;

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
}

/** The two workers of a process: one for workflows, reads and waits, one for the calls that change EC2. */
export async function createWorkers(settings: WorkerSettings): Promise<readonly [Worker, Worker]> {
  const { connection, namespace, clusterName, identity, activities, ec2Rate } = settings;
  const common = { connection, namespace, identity, activities, shutdownGraceTime: SHUTDOWN_GRACE } as const;
  const pairs = await Worker.create({
    ...common,
    ...workflowSource(),
    taskQueue: taskQueue(clusterName),
    maxConcurrentActivityTaskExecutions: WAIT_CONCURRENCY,
    maxConcurrentLocalActivityExecutions: READ_CONCURRENCY,
    maxConcurrentWorkflowTaskExecutions: READ_CONCURRENCY,
    maxCachedWorkflows: CACHED_WORKFLOWS,
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
