import assert from 'node:assert/strict';

import { eventually } from '../../dev/stack/eventually.js';
import { World } from '../../dev/world/world.js';
import { pairsOf } from '../../dev/world/pairs-of.js';

/** Of the server: far below the usual, so that minutes are like years. */
const SIGNALS = 50;
const EVENTS = 300;
const SUGGESTED_AT = 100;

const CHANGES = 30;
const BY_HAND = 200;

/** Longest payload that an activity may give or take. Source: the design, "small (<10 kB)". */
const PAYLOAD_BYTES = 10_000;

describe('a Temporal server with low limits', function () {
  this.timeout(180_000);
  let world: World;

  before(async () => {
    world = await World.start({
      env: { MULTI_ENI_AUDIT_INTERVAL: '1h' },
      temporal: {
        dynamicConfig: {
          'history.maximumSignalsPerExecution': String(SIGNALS),
          'limit.historyCount.suggestContinueAsNew': String(SUGGESTED_AT),
          'limit.historyCount.warn': String(EVENTS - 50),
          'limit.historyCount.error': String(EVENTS),
        },
      },
    });
  });
  after(() => world.stop());

  it('takes all changes and signals of a pair, in one run after another, and has one ENI made', async () => {
    const [node = ''] = await pairsOf(world, 'limits', 1);
    const [attachment] = await world.pairs.untilAttached('limits', [node]);
    const eniId = attachment?.status?.eniID;

    for (let change = 1; change <= CHANGES; change += 1) {
      const description = `change ${change}`;
      await world.objects.patchNodeEni('limits', { spec: { description } });
      await signalByHand(BY_HAND / CHANGES);
      await eventually(`EC2 has "${description}"`, async () => (await describedAs()) === description, {
        timeoutMs: 30_000,
      });
    }
    await world.pairs.untilAttached('limits', [node]);

    const runs = await runsOf();
    assert.ok(runs.length > 1, `${runs.length} runs`);
    for (const { status } of runs.slice(1)) assert.equal(status, 'CONTINUED_AS_NEW');
    assert.equal(runs[0]?.status, 'RUNNING');
    for (const { events, signals, retried } of runs) {
      assert.ok(retried, 'a run that followed another has no retry policy any more');
      assert.ok(events < EVENTS && signals <= SIGNALS, `${events} events, ${signals} signals`);
    }
    assert.deepEqual(await world.pairs.everMade('limits', node), [eniId]);
    const { byAction } = await world.stack.ec2.control.counts();
    assert.equal(byAction['AttachNetworkInterface'], 1);
    assert.equal(byAction['DetachNetworkInterface'] ?? 0, 0);
  });

  it('is given no payload that is large', async () => {
    const [largest = 0] = (await payloadSizes()).toSorted((a, b) => b - a);

    assert.ok(largest > 0 && largest < PAYLOAD_BYTES, `the largest has ${largest} bytes`);
  });

  const workflowId = 'eni:e2e:limits:limits-0';

  async function describedAs(): Promise<string | undefined> {
    return (await world.pairs.enis('limits'))[0]?.description;
  }

  /** As somebody who is impatient; those that the server refuses, since the run is full, count too. */
  async function signalByHand(count: number): Promise<void> {
    await world.pairs.temporal(async (client) => {
      const handle = client.workflow.getHandle(workflowId);
      await Promise.allSettled(Array.from({ length: Math.ceil(count) }, () => handle.signal('reconcile')));
    });
  }

  /** The latest first. */
  async function runsOf(): Promise<{ status: string; events: number; signals: number; retried: boolean }[]> {
    return world.pairs.temporal(async (client) => {
      const found = await Array.fromAsync(client.workflow.list({ query: `WorkflowId = '${workflowId}'` }));
      const latestFirst = found.toSorted((a, b) => b.startTime.getTime() - a.startTime.getTime());
      return Promise.all(
        latestFirst.map(async ({ status, runId }) => {
          const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
          const signals = (events ?? []).filter(({ workflowExecutionSignaledEventAttributes: signalled }) =>
            Boolean(signalled),
          );
          const retried = Boolean(events?.[0]?.workflowExecutionStartedEventAttributes?.retryPolicy);
          return { status: status.name, events: events?.length ?? 0, signals: signals.length, retried };
        }),
      );
    });
  }

  async function payloadSizes(): Promise<number[]> {
    return world.pairs.temporal(async (client) => {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      return (events ?? []).map((event) => JSON.stringify(event).length);
    });
  }
});
