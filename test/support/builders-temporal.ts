import { join } from 'node:path';

import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

import { REPO, TEMPORAL } from '../../dev/bootstrap/paths.js';
import { eventually } from '../../dev/stack/eventually.js';
import { createActivities } from '../../src/activities/index.js';
import type { PairActivities, Target } from '../../src/contract/activities.js';
import { AUDIT_WORKFLOW, type AuditActivities, type AuditInput } from '../../src/contract/audit.js';
import { PAIR_WORKFLOW, reconcileSignal, stateQuery, type PairView } from '../../src/contract/messages.js';
import { SEARCH_ATTRIBUTES } from '../../src/contract/search-attributes.js';
import type { AttachmentStatus } from '../../src/domain/attachment.js';
import { auditId, ec2TaskQueue, pairWorkflowId, taskQueue } from '../../src/domain/names.js';
import { Cloud } from './builders-cloud.js';

/** The workflows of a folder, bundled as for production. */
export async function bundled(
  workflowsPath = join(REPO, 'src/workflows/index.ts'),
): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
}

/** An audit's activities that find one leaked ENI, and nothing else. */
const AUDIT: AuditActivities = {
  surveyEnis: async () =>
    Promise.resolve({
      enis: 1,
      attachments: 0,
      drift: {},
      woken: 0,
      notWoken: 0,
      orphans: { available: 1, attached: 0 },
      sightings: { 'eni-lost': 1 },
      leaked: ['eni-lost'],
    }),
  deleteOrphan: async () => Promise.resolve(true),
};

let installed = false;

/** Keeps the SDK quiet: its warnings are about failures that tests cause. */
export function quiet(): void {
  if (!installed) Runtime.install({ logger: new DefaultLogger('ERROR') });
  installed = true;
}

/** A pair whose workflow runs on a Temporal server, over an EC2 in memory. Every lab has a cluster of its own. */
export class PairLab {
  private static serial = 0;
  readonly cloud: Cloud;
  handle!: WorkflowHandle;
  private workers: Worker[] = [];
  private running: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly env: TestWorkflowEnvironment,
    private readonly bundle: WorkflowBundleWithSourceMap,
  ) {
    this.cloud = new Cloud(`lab-${(PairLab.serial += 1)}`);
  }

  /** A server for many labs; `searchable` says whether it knows our search attributes. */
  static async server(searchable = true): Promise<TestWorkflowEnvironment> {
    quiet();
    return TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path: TEMPORAL },
        ip: '127.0.0.1',
        searchAttributes: searchable ? Object.values(SEARCH_ATTRIBUTES) : [],
        extraArgs: ['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="1ms"'],
      },
    });
  }

  /** Two workers, for the two queues; `changed` replaces some of the activities. */
  static async start(
    env: TestWorkflowEnvironment,
    bundle: WorkflowBundleWithSourceMap,
    changed: (real: PairActivities, lab: PairLab) => Partial<PairActivities> = () => ({}),
  ): Promise<PairLab> {
    const lab = new PairLab(env, bundle);
    const real = createActivities(lab.cloud.deps);
    const activities = { ...real, ...AUDIT, ...changed(real, lab) };
    const common = { connection: env.nativeConnection, activities, shutdownGraceTime: '1 second' } as const;
    const queues = [taskQueue, ec2TaskQueue].map((queue) => queue(lab.cloud.clusterName));
    for (const [index, queue] of queues.entries()) {
      const source = index === 0 ? { workflowBundle: lab.bundle } : {};
      lab.workers.push(await Worker.create({ ...common, ...source, taskQueue: queue }));
    }
    lab.running = Promise.all(lab.workers.map((worker) => worker.run()));
    return lab;
  }

  /** Starts the workflow as the watcher does. */
  async life(searchable = true): Promise<void> {
    const { target } = this.cloud;
    this.handle = await this.env.client.workflow.start(PAIR_WORKFLOW, {
      workflowId: pairWorkflowId(target.clusterName, target.nodeEniName, target.nodeName),
      taskQueue: taskQueue(target.clusterName),
      args: [{ target }],
      memo: { searchable },
    });
  }

  /** Runs an audit that finds one leaked ENI and may delete it. */
  async audit(): Promise<void> {
    const { clusterName } = this.cloud;
    this.handle = await this.env.client.workflow.start(AUDIT_WORKFLOW, {
      workflowId: auditId(clusterName),
      taskQueue: taskQueue(clusterName),
      args: [{ clusterName, orphanMode: 'delete', orphanMinAgeMs: 0 } satisfies AuditInput],
    });
    await this.handle.result();
  }

  /** Tells the workflow to look again. */
  async signal(target: Target = this.cloud.target): Promise<void> {
    await this.handle.signal(reconcileSignal, target);
  }

  /** The pair as its workflow sees it. */
  async state(): Promise<PairView> {
    return this.handle.query(stateQuery);
  }

  /** Waits until the status in Kubernetes is so. */
  async status(what: string, check: (status: AttachmentStatus) => boolean, timeoutMs = 15_000): Promise<void> {
    await eventually(what, () => check(this.cloud.attachment?.status ?? {}), { timeoutMs }).catch((error: unknown) => {
      throw new Error(`last status: ${JSON.stringify(this.cloud.attachment?.status)}`, { cause: error });
    });
  }

  /** Waits until the ENI is attached and the status says so, for the spec as it is now. */
  async attached(): Promise<void> {
    await this.status('the ENI is attached', ({ phase, observedGeneration }) => {
      return phase === 'Attached' && observedGeneration === this.cloud.attachment?.generation;
    });
  }

  /** Waits until the workflow has completed, and says how. */
  async end(timeoutMs = 15_000): Promise<string> {
    return eventually(
      'the workflow has ended',
      async () => {
        const { status } = await this.handle.describe();
        return status.name === 'RUNNING' ? null : status.name;
      },
      { timeoutMs },
    );
  }

  /** The history so far, as the JSON that `temporal workflow show -o json` prints. */
  async history(): Promise<string> {
    return historyToJSON(await this.handle.fetchHistory());
  }

  /** Ends the workers and whatever still runs. */
  async stop(): Promise<void> {
    await this.handle.terminate().catch(() => undefined);
    for (const worker of this.workers) worker.shutdown();
    await this.running;
  }
}
