import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { EC2Client } from '@aws-sdk/client-ec2';
import proto from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

import { REPO } from '../../dev/bootstrap/paths.js';
import { REGION } from '../../dev/stack/ec2.js';
import type { Ec2Call, Stage } from '../../dev/stack/ec2-types.js';
import { eventually } from '../../dev/stack/eventually.js';
import { createActivities } from '../../src/activities/index.js';
import { createEc2Client } from '../../src/aws/client.js';
import { createEc2 } from '../../src/aws/ec2.js';
import { Lab } from '../aws/lab.js';
import { attachment } from '../support/builders.js';
import { PairLab } from '../support/builders-temporal.js';

/** How long a call may take here: so long that the activity's own limit is always reached first. */
const CALL_LIMIT_MS = 60_000;

/** The calls of a pair's life that are stalled, with the activity of each. */
const STALLED = {
  CreateNetworkInterface: 'createEni',
  AttachNetworkInterface: 'attachEni',
  DetachNetworkInterface: 'detachEni',
  DeleteNetworkInterface: 'deleteEni',
} as const;

const ACTIONS = Object.keys(STALLED);

/** For a life in which each activity is begun twice. */
const DEADLINE_MS = 30_000;

describe('an activity whose limit is reached while its call is under way', function () {
  this.timeout(90_000);
  const lab = Lab.forTests();
  let env: TestWorkflowEnvironment;
  let bundle: WorkflowBundleWithSourceMap;
  let pair: PairLab;
  let client: EC2Client;

  before(async () => {
    bundle = await bundleWorkflowCode({
      workflowsPath: join(REPO, 'src/workflows/index.ts'),
      workflowInterceptorModules: [join(REPO, 'test/temporal/support/short-limits.ts')],
      logger: new DefaultLogger('ERROR'),
    });
    env = await PairLab.server();
  });
  after(() => env.teardown());
  afterEach(async () => {
    await lab.launcher.control.clearFaults();
    await pair.stop();
    client.destroy();
  });

  // A detach or delete that was carried out shows in EC2, so that it is not asked for again.
  for (const [stage, then, calls] of [
    ['before', 'is carried out in the end', [2, 2, 2, 2]],
    ['after', 'was carried out at once', [2, 2, 1, 1]],
  ] as const) {
    it(`is begun again beside it, and does nothing twice when the call ${then}`, async () => {
      await stall(stage);
      await begin();
      await pair.status('the ENI is attached', ({ phase }) => phase === 'Attached', DEADLINE_MS);
      pair.cloud.remove();
      await pair.signal();
      assert.equal(await pair.end(DEADLINE_MS), 'COMPLETED');
      const stalled = await lab.launcher.control.held();
      await lab.launcher.control.release();
      const made = await eventually('every call has been answered', async () => {
        const all = await changes();
        return all.every(({ http }) => http !== null) && all;
      });

      assert.deepEqual(stalled.map(({ action }) => action).toSorted(), ACTIONS.toSorted());
      assert.ok(
        stalled.every(({ clientGone }) => !clientGone),
        'the first attempts were under way to the end',
      );
      assert.deepEqual(
        ACTIONS.map((action) => made.filter((call) => call.action === action).length),
        calls,
      );
      const creates = made.filter(({ action }) => action === 'CreateNetworkInterface');
      assert.equal(new Set(creates.map(({ params }) => params['ClientToken'])).size, 1);
      assert.deepEqual(await journal(), ['created', 'attached', 'modified', 'detached', 'deleted']);
      assert.deepEqual(await timedOut(), Object.values(STALLED));
    });
  }

  /** Lets the first call of each kind wait until it is released. */
  async function stall(pause: Stage): Promise<void> {
    await lab.launcher.control.faults(ACTIONS.map((action) => ({ action, pause })));
  }

  /** Starts the workflow of a pair over the real adapter, whose calls have longer limits than the activities. */
  async function begin(): Promise<void> {
    const instanceId = await lab.instance();
    const network = { subnetIds: [lab.subnet()], securityGroupIds: [lab.group('web')] };
    pair = await PairLab.start(env, bundle, (_, { cloud }) => {
      cloud.attachment = attachment({ spec: { instanceId, ...network } });
      const { endpoint } = lab.launcher;
      client = createEc2Client({ region: REGION, endpoint, maxSockets: 50, requestTimeoutMs: CALL_LIMIT_MS });
      return createActivities({ ...cloud.deps, ec2: createEc2({ client, clusterName: cloud.clusterName }) });
    });
    await pair.life();
  }

  async function changes(): Promise<readonly Ec2Call[]> {
    return (await lab.launcher.control.log()).filter(({ action }) => ACTIONS.includes(action));
  }

  /** What happened to the ENIs that are not primary, in order. */
  async function journal(): Promise<string[]> {
    const { events } = await lab.launcher.control.journal();
    return events.filter(({ primary }) => primary !== true).map(({ event }) => event);
  }

  /** The activities of the history whose attempt before the last one ended by its limit, in order. */
  async function timedOut(): Promise<string[]> {
    const { events } = await pair.handle.fetchHistory();
    const types = new Map(
      (events ?? []).map((event) => [
        String(event.eventId),
        event.activityTaskScheduledEventAttributes?.activityType?.name ?? '',
      ]),
    );
    return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) => {
      const why = started?.lastFailure?.timeoutFailureInfo?.timeoutType;
      const byLimit = why === proto.temporal.api.enums.v1.TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE;
      return byLimit ? [types.get(String(started?.scheduledEventId)) ?? ''] : [];
    });
  }
});
