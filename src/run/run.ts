import type { Server } from 'node:http';
import { connectKubernetes } from '../kubernetes/client.js';
import { type Check, healthRoutes } from '../observability/health.js';
import { serve } from '../observability/http.js';
import { createMetrics } from '../observability/metrics.js';
import { metricsRoutes } from '../observability/metrics-route.js';
import { installTemporalRuntime } from '../observability/temporal-runtime.js';
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
  const metrics = createMetrics({ version: config.version, role, checks });
  const servers: Server[] = [];
  try {
    const sdkUrl = await installTemporalRuntime({ log, withMetrics: config.metricsAddress !== '' });
    if (config.metricsAddress !== '') servers.push(await serve(config.metricsAddress, metricsRoutes(metrics, sdkUrl)));
    if (config.healthAddress !== '') servers.push(await serve(config.healthAddress, healthRoutes(checks)));
    const kubernetes = connectKubernetes({ kubeconfig: config.kubeconfig });
    const clusterName =
      config.clusterName ?? (await persistently('the cluster UID', () => kubernetes.clusterUid(), { log, signal }));
    const check = (name: string, one: Check): void => void (checks[name] = one);
    const context: RoleContext = { ...options, kubernetes, clusterName, signal, check, metrics };
    const roles: RunningRole[] = [];
    if (role !== 'watcher') roles.push(await startWorker(context));
    if (role !== 'worker') roles.push(await startWatcher(context));
    delete checks['starting'];
    log.info({ role, cluster: clusterName, version: config.version }, 'the controller runs');
    await Promise.race([aborted(signal), ...roles.map((one) => one.failed)]);
    checks['stopping'] = () => 'the process ends';
    await Promise.all(roles.map((one) => one.stop()));
    log.info({ role }, 'the controller stopped');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const server of servers) server.close();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
