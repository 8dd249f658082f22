/** What of a worker's memory grows with its work. */
export interface WorkerSizes {
  /** Workflows kept in memory; others are replayed when they wake. */
  readonly cachedWorkflows: number;
  /** Workflow tasks and local activities that may be under way at a time. */
  readonly tasks: number;
}

/** MiB that the heap of the workflows' thread takes with the bundle and no workflow. */
const BASE_MIB = 60;

/** MiB of a cached workflow. Source: `make bench` and the notes of the SDK's users, 0.1 to 0.2. */
const WORKFLOW_MIB = 0.15;

const MOST_CACHED = 2_000;
const LEAST_CACHED = 100;

/**
 * A workflow task lasts as long as its local activities, and a read waits up to a second to share its call: with the
 * SDK's default of 40 tasks, 40 pairs a second would be the limit. With 500, a worker that had lost its cache took more
 * tasks than it could replay within Temporal's ten seconds, and all of them began anew, again and again.
 */
const MOST_TASKS = 100;

/**
 * How much to keep and to do at a time, so that it fits: Node.js limits the heap of each thread by the container's memory.
 * Pure.
 *
 * @param heapLimitBytes - of a thread, as V8 tells it
 */
export function workerSizes(heapLimitBytes: number): WorkerSizes {
  const room = heapLimitBytes / 1024 ** 2 - BASE_MIB;
  const cachedWorkflows = Math.max(LEAST_CACHED, Math.min(MOST_CACHED, Math.floor(room / WORKFLOW_MIB)));
  return { cachedWorkflows, tasks: Math.min(MOST_TASKS, Math.floor(cachedWorkflows / 4)) };
}
