import { Runtime } from '@temporalio/worker';
import { connectKubernetes } from '../kubernetes/client.js';
import { type Check, healthRoutes } from '../observability/health.js';
import { serve } from '../observability/http.js';
import { temporalLogger } from '../observability/temporal-logger.js';
import { shutdownSignal } from './shutdown.js';
import { persistently } from './persistently.js';
import type { RoleContext, RunningRole, RunOptions } from './role.js';
import { startWatcher } from './watcher-role.js';
import { startWorker } from './worker-role.js';

/**
 * Runs the controller until SIGTERM or SIGINT, then lets calls under way end. Servers that are down at start are waited
 * for; readiness says so meanwhile.
 */
export async function run(options: RunOptions): Promise<void> {
  const { config, log, role } = options;
  const signal = shutdownSignal(log);
  const checks: Record<string, Check> = { starting: () => 'waiting for Kubernetes and Temporal' };
  installRuntime(options);
  const server = config.healthAddress === '' ? null : await serve(config.healthAddress, healthRoutes(checks));
  try {
    const kubernetes = connectKubernetes({ kubeconfig: config.kubeconfig });
    const clusterName =
      config.clusterName ?? (await persistently('the cluster UID', () => kubernetes.clusterUid(), { log, signal }));
    const check = (name: string, one: Check): void => void (checks[name] = one);
    const context: RoleContext = { ...options, kubernetes, clusterName, signal, check };
    const roles: RunningRole[] = [];
    if (role !== 'watcher') roles.push(await startWorker(context));
    if (role !== 'worker') roles.push(await startWatcher(context));
    delete checks['starting'];
    log.info({ role, cluster: clusterName, version: config.version }, 'the controller runs');
    await Promise.race([aborted(signal), ...roles.map((one) => one.failed)]);
    await Promise.all(roles.map((one) => one.stop()));
    log.info({ role }, 'the controller stopped');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    server?.close();
  }
}

function installRuntime({ config, log }: RunOptions): void {
  const metrics =
    config.metricsAddress === ''
      ? {}
      : {
          metrics: {
            prometheus: {
              bindAddress: config.metricsAddress.startsWith(':')
                ? `0.0.0.0${config.metricsAddress}`
                : config.metricsAddress,
              countersTotalSuffix: true,
              unitSuffix: true,
              useSecondsForDurations: true,
            },
          },
        };
  Runtime.install({
    logger: temporalLogger(log),
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } }, ...metrics },
  });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
