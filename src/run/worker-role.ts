import { NativeConnection } from '@temporalio/worker';
import { createActivities } from '../activities/index.js';
import { createEc2Client } from '../aws/client.js';
import { createEc2 } from '../aws/ec2.js';
import { AttachmentClient } from '../kubernetes/attachments.js';
import { createWorkers, EC2_CONCURRENCY } from '../worker/workers.js';
import { persistently } from './persistently.js';
import type { RoleContext, RunningRole } from './role.js';

/** Sockets for the calls that change EC2, and some for the shared reads. */
const MAX_SOCKETS = EC2_CONCURRENCY + 16;

/** Runs the workflows and activities. */
export async function startWorker(context: RoleContext): Promise<RunningRole> {
  const { config, temporal, kubernetes, clusterName, log, signal, check } = context;
  const namespace = temporal.namespace ?? 'default';
  const connection = await persistently('Temporal', () => NativeConnection.connect(temporal.connectionOptions), {
    log,
    signal,
  });
  const client = createEc2Client({ region: config.region, endpoint: config.ec2Endpoint, maxSockets: MAX_SOCKETS });
  const activities = createActivities({
    clusterName,
    ec2: createEc2({ client, clusterName }),
    attachments: new AttachmentClient({ custom: kubernetes.custom }),
    blockedRetryMaxMs: config.blockedRetryMaxMs,
  });
  const identity = `${config.identity}@${config.version}`;
  const settings = { connection, namespace, clusterName, identity, activities, ec2Rate: config.ec2Rate };
  const workers = await persistently('the workers', () => createWorkers(settings), { log, signal });
  const runs = workers.map((worker) => worker.run());
  for (const worker of workers) {
    check(`worker ${worker.options.taskQueue}`, () => (worker.getState() === 'RUNNING' ? null : worker.getState()));
  }
  return {
    failed: Promise.race(runs.map((one) => one.then(() => new Promise<never>(() => undefined)))),
    stop: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(runs);
      client.destroy();
      await connection.close();
    },
  };
}
