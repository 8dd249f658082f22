import { buildWhenNeeded } from '../../../dev/bench/build.js';
import { type Controller, startController } from '../../../dev/stack/controller.js';
import { World } from '../../../dev/world/world.js';

const ENVIRONMENT = { MULTI_ENI_AUDIT_INTERVAL: '1h', MULTI_ENI_LOG_LEVEL: 'warn' };

/** A world whose worker is a process of its own, so that it alone can be held short. It runs from dist/, as installed. */
export class WorkerApart {
  private constructor(
    readonly world: World,
    private readonly watcher: Controller,
  ) {}

  /** @param env what the worker's environment has more */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<WorkerApart> {
    buildWhenNeeded();
    const from = 'dist';
    const world = await World.start({ env: { ...ENVIRONMENT, ...env }, controller: { role: 'worker', from } });
    const watcher = await startController(world.stack, { role: 'watcher', name: 'watcher', from, env: ENVIRONMENT });
    await watcher.whenReady();
    return new WorkerApart(world, watcher);
  }

  /** The worker's process. */
  get pid(): number {
    return this.world.controller.process.pid;
  }

  /** The workflow tasks of a NodeENI's running pairs that failed: of each the workflow's id and why. */
  async failedTasks(nodeEni: string): Promise<string[]> {
    const running = await this.world.pairs.workflows(nodeEni, 'Running');
    return this.world.pairs.temporal(async (client) => {
      const found = running.map(async ({ workflowId }) => {
        const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
        return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
          failed ? [`${workflowId}: ${failed.failure?.message ?? ''}`] : [],
        );
      });
      return (await Promise.all(found)).flat();
    });
  }

  /** Takes everything down. */
  async stop(): Promise<void> {
    await this.watcher.process.stop();
    await this.world.stop();
  }
}
