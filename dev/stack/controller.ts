import { join } from 'node:path';

import { REPO } from '../bootstrap/paths.js';
import { programArgs } from './built.js';
import { eventually } from './eventually.js';
import { freePorts } from './ports.js';
import { ServerProcess } from './process.js';
import type { Stack } from './stack.js';

/** How to run the controller. */
export interface ControllerOptions {
  /** See {@link programArgs}. */
  readonly from?: 'src' | 'dist';
  /** Which half. Default `all`: both in one process. */
  readonly role?: 'all' | 'watcher' | 'worker';
  /** On top of the stack's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What messages and its log file call it. Default `controller`. */
  readonly name?: string;
}

/** The controller as a process of its own. */
export interface Controller {
  readonly process: ServerProcess;
  /** `/livez` and `/readyz` are under this. */
  readonly healthUrl: string;
  /** Prometheus metrics. */
  readonly metricsUrl: string;
  /** Resolves when `/readyz` says yes. @throws Error with its last output when it ends first or is not ready in time */
  whenReady(timeoutMs?: number): Promise<void>;
}

const READY_MS = 60_000;

/**
 * Starts the controller; it need not be ready yet. Its log is in the stack's folder. `CONTROLLER_NODE` in the environment is
 * the Node.js that it runs on; default is that of this process.
 */
export async function startController(stack: Stack, options: ControllerOptions = {}): Promise<Controller> {
  const { from, role = 'all', env = {}, name = 'controller' } = options;
  const [healthPort = 0, metricsPort = 0] = await freePorts(2);
  const healthUrl = `http://127.0.0.1:${healthPort}`;
  const controller = await ServerProcess.spawn({
    name: `the ${name}`,
    command: process.env['CONTROLLER_NODE'] ?? process.execPath,
    args: ['--enable-source-maps', ...programArgs('main', from), 'run', '--role', role],
    cwd: REPO,
    env: {
      ...stack.env(),
      MULTI_ENI_HEALTH_ADDR: `127.0.0.1:${healthPort}`,
      MULTI_ENI_METRICS_ADDR: `127.0.0.1:${metricsPort}`,
      ...env,
    },
    logFile: join(stack.dir, `${name}.log`),
  });
  return {
    process: controller,
    healthUrl,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    whenReady: async (timeoutMs = READY_MS) => {
      await controller.whenReady(readiness(name, healthUrl, timeoutMs), timeoutMs + 1000);
    },
  };
}

async function readiness(name: string, healthUrl: string, timeoutMs: number): Promise<void> {
  await eventually(
    `the ${name} is ready`,
    async () => {
      const answer = await fetch(`${healthUrl}/readyz`);
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return true;
    },
    { timeoutMs },
  );
}
