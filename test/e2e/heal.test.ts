import assert from 'node:assert/strict';
import { eventually } from '../../dev/stack/eventually.js';
import { labelNode, seedNodes } from '../../dev/stack/nodes.js';
import { sharedWorld } from './support/shared-world.js';
import type { World } from '../../dev/world/world.js';

const PAIRS = 20;
const NODES = Array.from({ length: PAIRS }, (_, index) => `heal-${index + 1}`);

describe('a pair heals', function () {
  this.timeout(120_000);
  let world: World;

  before('attach twenty pairs, with a resync every two seconds', async () => {
    world = await sharedWorld();
    await world.controller.process.stop();
    await world.startController({ MULTI_ENI_RESYNC_INTERVAL: '2s' });
    await seedNodes(
      world.stack,
      world.vpc,
      NODES.map((name) => ({ name, labels: { heal: 'yes' } })),
    );
    await world.objects.createNodeEni('heal', {
      nodeSelector: { heal: 'yes' },
      subnetID: world.subnet('a'),
      securityGroupIDs: [world.group('one')],
    });
    await world.pairs.untilAttached('heal', NODES, 60_000);
  });

  after('go on with the usual resync', async () => {
    await world.objects.deleteNodeEni('heal');
    await world.pairs.untilGone('heal');
    await world.controller.process.stop();
    await world.startController();
  });

  it('when its workflow is terminated by hand, without a change of EC2', async () => {
    const before = await truth();

    const runId = await world.pairs.temporal(async (client) => {
      const handle = client.workflow.getHandle('eni:e2e:heal:heal-1');
      const { runId: running } = await handle.describe();
      await handle.terminate('by hand');
      return running;
    });
    await untilAnotherRun('heal-1', runId);

    assert.deepEqual(await truth(), before);
  });

  it('when its workflow is cancelled by hand, without a change of EC2', async () => {
    const before = await truth();

    const runId = await world.pairs.temporal(async (client) => {
      const handle = client.workflow.getHandle('eni:e2e:heal:heal-2');
      const { runId: running } = await handle.describe();
      await handle.cancel();
      return running;
    });
    await untilAnotherRun('heal-2', runId);

    assert.deepEqual(await truth(), before);
  });

  it('when its status is wiped, without a change of EC2', async () => {
    const before = await truth();

    for (const { metadata } of await world.objects.attachments('heal')) await world.objects.wipeStatus(metadata.name);
    await world.pairs.untilAttached('heal', NODES);

    assert.deepEqual(await truth(), before);
  });

  it("when Temporal's database is wiped, without a change of EC2", async () => {
    const before = await truth();

    await world.stack.temporal.wipe();
    await untilRunning();
    await world.pairs.untilAttached('heal', NODES);

    assert.deepEqual(await truth(), before);
  });

  it('with another ENI when its Attachment is deleted', async () => {
    const [old] = await eniOf('heal-1');

    await world.objects.deleteAttachment('heal-1.0.1');
    await eventually(
      'another ENI',
      async () => {
        const [eni, ...more] = await eniOf('heal-1');
        return more.length === 0 && eni?.attachment?.status === 'attached' && eni.id !== old?.id;
      },
      { timeoutMs: 30_000 },
    );
    await world.pairs.untilAttached('heal', NODES);

    assert.equal((await world.pairs.everMade('heal', 'heal-1')).length, 2);
  });

  it('with one ENI when somebody takes the finalizer off and deletes the Attachment', async () => {
    await world.objects.stripAttachment('heal-3.0.1');
    await world.objects.deleteAttachment('heal-3.0.1');

    await eventually(
      'a new Attachment with one ENI',
      async () => {
        const enis = await eniOf('heal-3');
        const [attachment] = (await world.objects.attachments('heal')).filter(({ spec }) => spec.nodeName === 'heal-3');
        const uid = attachment?.metadata.uid;
        return enis.length === 1 && enis[0]?.tags['networking.k8s.aws/attachment-uid'] === uid;
      },
      { timeoutMs: 45_000 },
    );
    await world.pairs.untilAttached('heal', NODES);
  });

  it('without an ENI when its Attachment is deleted by force while nobody watches, and its node matches no more', async () => {
    await world.killController();
    await world.objects.stripAttachment('heal-4.0.1');
    await world.objects.deleteAttachment('heal-4.0.1');
    await labelNode(world.stack, 'heal-4', { heal: null });
    await world.startController({ MULTI_ENI_RESYNC_INTERVAL: '2s' });

    await eventually('its ENI is gone', async () => (await eniOf('heal-4')).length === 0, { timeoutMs: 45_000 });
    await labelNode(world.stack, 'heal-4', { heal: 'yes' });
    await world.pairs.untilAttached('heal', NODES, 60_000);

    assert.equal((await world.pairs.everMade('heal', 'heal-4')).length, 2);
  });

  it('from a signal without input', async () => {
    const before = await truth();

    await world.pairs.temporal((client) => client.workflow.getHandle('eni:e2e:heal:heal-1').signal('reconcile'));
    const view = await world.pairs.temporal((client) =>
      client.workflow.getHandle('eni:e2e:heal:heal-1').query<{ status: { phase: string } }>('state'),
    );

    assert.equal(view.status.phase, 'Attached');
    assert.deepEqual(await truth(), before);
  });

  it('from a pause, in which nothing is changed or cleaned up', async () => {
    await world.objects.patchNodeEni('heal', { metadata: { annotations: { 'networking.k8s.aws/paused': 'true' } } });
    await eventually('all pairs say that they are paused', async () => {
      const attachments = await world.objects.attachments('heal');
      return attachments.every(({ status }) => status?.reason === 'Paused');
    });
    const before = await truth();

    await labelNode(world.stack, 'heal-2', { heal: null });
    await eventually('the status counts the node no more', async () => {
      return (await world.objects.nodeEni('heal'))?.status?.desired === PAIRS - 1;
    });
    assert.deepEqual(await truth(), before);

    await world.objects.patchNodeEni('heal', { metadata: { annotations: { 'networking.k8s.aws/paused': null } } });
    await world.pairs.untilAttached(
      'heal',
      NODES.filter((node) => node !== 'heal-2'),
    );
    assert.deepEqual(await eniOf('heal-2'), []);
  });

  /** What must not change: the ENIs in EC2, and the number of changes that were asked for. */
  async function truth(): Promise<{ mutating: number; enis: readonly (string | undefined)[] }> {
    const { mutating } = await world.stack.ec2.control.counts();
    const enis = await world.pairs.enis('heal');
    return { mutating, enis: enis.map(({ id, attachment }) => `${id} ${attachment?.id ?? ''}`).toSorted() };
  }

  async function eniOf(node: string): Promise<Awaited<ReturnType<typeof world.pairs.enis>>> {
    const enis = await world.pairs.enis('heal');
    return enis.filter(({ tags }) => tags['networking.k8s.aws/node'] === node);
  }

  async function untilAnotherRun(node: string, runId: string): Promise<void> {
    await eventually(
      `another run of the workflow of ${node}`,
      async () => {
        const pair = await world.pairs.temporal((client) =>
          client.workflow.getHandle(`eni:e2e:heal:${node}`).describe(),
        );
        return pair.status.name === 'RUNNING' && pair.runId !== runId;
      },
      { timeoutMs: 30_000 },
    );
  }

  async function untilRunning(): Promise<void> {
    await eventually(
      'each pair has a running workflow again',
      async () => (await world.pairs.workflows('heal', 'Running')).length === NODES.length,
      { timeoutMs: 30_000 },
    );
  }
});
