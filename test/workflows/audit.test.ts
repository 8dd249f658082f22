import assert from 'node:assert/strict';

import { ScheduleOverlapPolicy } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';

import { eventually } from '../../dev/stack/eventually.js';
import type { AuditActivities, AuditInput, AuditReport, SurveyResult } from '../../src/contract/audit.js';
import type { Sightings } from '../../src/domain/audit/sightings.js';
import { auditId, ec2TaskQueue, taskQueue } from '../../src/domain/names.js';
import { ensureAuditSchedule } from '../../src/watcher/audit-schedule.js';
import { bundled, PairLab } from '../support/builders-temporal.js';

const HOUR = 3_600_000;
const NOTHING: Omit<SurveyResult, 'sightings' | 'leaked'> = {
  enis: 0,
  attachments: 0,
  drift: {},
  woken: 0,
  notWoken: 0,
  orphans: { available: 1, attached: 0 },
};

describe('the audit of a cluster', function () {
  this.timeout(60_000);
  let env: TestWorkflowEnvironment;
  let stop: () => Promise<void>;
  let seen: Sightings[];
  let deletions: string[];
  let refusal: Error | null;
  let serial = 0;
  let clusterName: string;

  before(async () => {
    env = await PairLab.server();
  });
  after(() => env.teardown());

  beforeEach(async () => {
    clusterName = `audited-${(serial += 1)}`;
    seen = [];
    deletions = [];
    refusal = null;
    const activities: AuditActivities = {
      surveyEnis: async ({ sightings }) => {
        seen.push(sightings);
        const leaked = Object.keys(sightings);
        return Promise.resolve({ ...NOTHING, sightings: { 'eni-1': sightings['eni-1'] ?? 1, 'eni-2': 2 }, leaked });
      },
      deleteOrphan: async ({ eniId }) => {
        if (refusal !== null && eniId === 'eni-1') throw refusal;
        deletions.push(eniId);
        return Promise.resolve(true);
      },
    };
    const common = { connection: env.nativeConnection, activities };
    const workers = [
      await Worker.create({ ...common, taskQueue: taskQueue(clusterName), workflowBundle: await bundle() }),
      await Worker.create({ ...common, taskQueue: ec2TaskQueue(clusterName) }),
    ];
    const running = Promise.all(workers.map((worker) => worker.run()));
    stop = async () => {
      for (const worker of workers) worker.shutdown();
      await running;
    };
  });
  afterEach(() => stop());

  it('hands what it saw to the next one, and deletes nothing when it is to report', async () => {
    await ensure({ orphanMode: 'report' });

    await audit();
    const second = await audit();

    assert.deepEqual(seen, [{}, { 'eni-1': 1, 'eni-2': 2 }]);
    assert.deepEqual(deletions, []);
    assert.deepEqual([second.leaked, second.deleted], [2, []]);
  });

  it('deletes what is leaked when it may', async () => {
    await ensure({ orphanMode: 'delete' });

    const first = await audit();
    const second = await audit();

    assert.deepEqual([first.deleted, second.deleted], [[], ['eni-1', 'eni-2']]);
  });

  it('goes on with the others when one cannot be deleted, and says why', async () => {
    refusal = ApplicationFailure.nonRetryable('not authorized', 'Blocked');
    await ensure({ orphanMode: 'delete' });

    await audit();
    const { deleted, kept } = await audit();

    assert.deepEqual(deleted, ['eni-2']);
    assert.deepEqual(kept, ['eni-1: not authorized']);
  });

  it('has a Schedule that is made once, follows the settings, and stays paused', async () => {
    const handle = env.client.schedule.getHandle(auditId(clusterName));
    await Promise.all([ensure({}), ensure({})]);
    await handle.pause('maintenance');

    await ensure({ orphanMode: 'delete' }, 2 * HOUR);
    await ensure({ orphanMode: 'delete' }, 2 * HOUR);

    const { spec, action, state, policies } = await handle.describe();
    assert.equal(spec.intervals?.[0]?.every, 2 * HOUR);
    assert.deepEqual(action.args, [input({ orphanMode: 'delete' })]);
    assert.deepEqual([state.paused, state.note, policies.overlap], [true, 'maintenance', 'SKIP']);
  });

  function input(changes: Partial<AuditInput>): AuditInput {
    return { clusterName, orphanMode: 'report', orphanMinAgeMs: 0, ...changes };
  }

  async function ensure(changes: Partial<AuditInput>, everyMs = HOUR): Promise<void> {
    await ensureAuditSchedule(env.client, input(changes), everyMs);
  }

  /** Runs one audit by way of the Schedule, and gives its report. */
  async function audit(): Promise<AuditReport> {
    const handle = env.client.schedule.getHandle(auditId(clusterName));
    const before = (await handle.describe()).info.recentActions.length;
    await handle.trigger(ScheduleOverlapPolicy.SKIP);
    const workflowId = await eventually('the audit has begun', async () => {
      const { recentActions } = (await handle.describe()).info;
      const latest = recentActions.length > before ? recentActions.at(-1) : undefined;
      return latest?.action.type === 'startWorkflow' ? latest.action.workflow.workflowId : null;
    });
    const report = (await env.client.workflow.getHandle(workflowId).result()) as AuditReport;
    await eventually('the Schedule has seen its end', async () => {
      return (await handle.describe()).info.runningActions.length === 0;
    });
    return report;
  }

  let bundling: ReturnType<typeof bundled> | null = null;
  async function bundle(): ReturnType<typeof bundled> {
    bundling ??= bundled();
    return bundling;
  }
});
