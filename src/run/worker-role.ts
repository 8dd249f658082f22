import { NativeConnection } from '@temporalio/worker';
import { createActivities } from '../activities/index.js';
import { createEc2Client } from '../aws/client.js';
import { createEc2 } from '../aws/ec2.js';
import { AttachmentClient } from '../kubernetes/attachments.js';
import { ec2Metrics } from '../observability/ec2-metrics.js';
import { readRouting, type Routing, watchCurrentVersion } from '../worker/current-version.js';
import { deploymentVersion } from '../worker/deployment.js';
import { createWorkers, EC2_CONCURRENCY } from '../worker/workers.js';
import { auditActivities } from './audit-parts.js';
import { persistently } from './persistently.js';
import type { RoleContext, RunningRole } from './role.js';
import { temporalPulse } from './temporal-pulse.js';

/** Sockets for the calls that change EC2, and some for the shared reads. */
const MAX_SOCKETS = EC2_CONCURRENCY + 16;

/** Runs the workflows and activities. */
export async function startWorker(context: RoleContext): Promise<RunningRole> {
  const { config, temporal, kubernetes, clusterName, log, signal, check, metrics } = context;
  const namespace = temporal.namespace ?? 'default';
  const connection = await persistently('Temporal', () => NativeConnection.connect(temporal.connectionOptions), {
    log,
    signal,
  });
  const client = createEc2Client({ region: config.region, endpoint: config.ec2Endpoint, maxSockets: MAX_SOCKETS });
  const ec2 = createEc2({ client, clusterName, observer: ec2Metrics(metrics.registry) });
  const attachments = new AttachmentClient({
    custom: kubernetes.custom,
    onWritten: (_, part) => {
      if (part === 'status') metrics.onStatusWrite('NodeENIAttachment');
    },
  });
  const activities = {
    ...createActivities({ clusterName, ec2, attachments, blockedRetryMaxMs: config.blockedRetryMaxMs }),
    ...auditActivities(context, { connection, ec2, attachments }),
  };
  const identity = `${config.identity}@${config.version}`;
  const version = deploymentVersion(clusterName, config.workerVersioning ? config.version : null);
  const settings = { connection, namespace, clusterName, identity, activities, ec2Rate: config.ec2Rate, version };
  const workers = await persistently('the workers', () => createWorkers(settings), { log, signal });
  const runs = workers.map((worker) => worker.run());
  for (const worker of workers) {
    check(`worker ${worker.options.taskQueue}`, () => (worker.getState() === 'RUNNING' ? null : worker.getState()));
  }
  const pulse = temporalPulse(connection);
  check('Temporal, for the worker', pulse.check);
  const routing = async (): Promise<Routing> => readRouting(connection, namespace, version.deploymentName);
  const currentVersion = watchCurrentVersion({ version, namespace, routing, log });
  check('version of the worker', currentVersion.check);
  return {
    failed: Promise.race(runs.map((one) => one.then(() => new Promise<never>(() => undefined)))),
    stop: async () => {
      pulse.stop();
      currentVersion.stop();
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(runs);
      client.destroy();
      await connection.close();
    },
  };
}
