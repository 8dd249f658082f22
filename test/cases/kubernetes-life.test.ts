import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { CustomObjectsApi } from '@kubernetes/client-node';

import { eventually } from '../../dev/stack/eventually.js';
import { labelNode } from '../../dev/stack/nodes.js';
import type { World } from '../../dev/world/world.js';
import { Scene } from '../ec2/support/scene.js';
import { logFromNowOn } from './support/log.js';
import { withWorld } from './support/shared-world.js';

const KIND = { group: 'networking.k8s.aws', version: 'v1alpha1', plural: 'nodeenis' } as const;
const FOREIGN = 'example.com/foreign';

/** K8-18: how long the controller is away after the deletion; nothing depends on it. */
const AWAY_MS = 1_000;

const PAIRS = 20;

describe('the life of a NodeENI', function () {
  this.timeout(120_000);
  let world: World;

  withWorld(async (started) => {
    world = started;
    return Promise.resolve({});
  });

  it('that is deleted while the controller is away is finished when it is back (K8-18)', async () => {
    const scene = await Scene.start(world, 'away');
    const blocked = await Scene.start(world, 'away-blocked', { spec: { subnetID: world.subnet('b') } });
    const idle = await Scene.start(world, 'away-idle', { nodes: 0 });
    await scene.untilAttached();
    await blocked.untilReason('ZoneMismatch');
    await idle.until('the NodeENI without a node has a status', 30_000, async () => {
      return (await world.objects.nodeEni('away-idle'))?.status !== undefined;
    });

    await world.controller.process.stop();
    for (const name of ['away', 'away-blocked', 'away-idle']) await world.objects.deleteNodeEni(name);
    await sleep(AWAY_MS);
    const left = await Promise.all(
      ['away', 'away-blocked', 'away-idle'].map(async (name) => (await world.objects.nodeEni(name)) !== null),
    );
    const enis = await world.pairs.enis('away');
    await world.startController();
    await Promise.all([scene.untilNothingIsLeft(), blocked.untilNothingIsLeft()]);

    assert.deepEqual(left, [true, true, false], 'who never had an Attachment needs no controller to go');
    assert.equal(enis[0]?.attachment?.status, 'attached');
    assert.deepEqual(await blocked.made(), []);
  });

  it('that is being deleted already, held by others, gets no ENI and no finalizer of ours (K8-19)', async () => {
    const witness = await Scene.prepare(world, 'witness');
    const held = await Scene.prepare(world, 'held');
    await world.controller.process.stop();
    await createHeld('held', { held: 'yes' });
    await world.objects.deleteNodeEni('held');
    const logged = logFromNowOn(world);

    await world.startController();
    await witness.begin();
    await witness.untilAttached();
    const before = await world.objects.nodeEni('held');
    await world.objects.patchNodeEni('held', { metadata: { finalizers: null } });
    await held.untilNothingIsLeft();

    assert.deepEqual(before?.metadata.finalizers, [FOREIGN]);
    assert.deepEqual([await held.made(), await held.attachments()], [[], []]);
    assert.doesNotMatch(logged(), /a write to Kubernetes failed/);
    await witness.remove();
  });

  it('has all rows and repeats no call though somebody writes to it all the time (K8-21)', async () => {
    await world.stack.ec2.control.config({ attach_s: 1, latency_ms: 100 });
    const scene = await Scene.prepare(world, 'busy', { nodes: PAIRS });
    const stop = new AbortController();
    await scene.begin();
    const annotating = annotate('busy', stop.signal);
    await scene.untilAttached();
    stop.abort();
    const annotations = await annotating;
    await world.stack.ec2.control.config({ attach_s: 0, latency_ms: 0 });

    const { byAction } = await world.stack.ec2.control.counts({ since: scene.since });
    const rows = (await world.objects.nodeEni('busy'))?.status?.attachments ?? [];
    const enis = await world.pairs.enis('busy');
    assert.ok(annotations >= PAIRS, `${annotations} annotations`);
    assert.deepEqual(rows.map(({ eniID }) => eniID).toSorted(), enis.map(({ id }) => id).toSorted());
    assert.deepEqual([byAction['CreateNetworkInterface'], byAction['AttachNetworkInterface']], [PAIRS, PAIRS]);
    await scene.remove();
  });

  it('ends in the last state of a label that flaps, and leaves the other node alone (K8-23)', async () => {
    const scene = await Scene.start(world, 'label', { nodes: 2 });
    await scene.untilAttached();
    const [flapping, other] = scene.nodes.map(({ name }) => name);
    assert.ok(flapping !== undefined && other !== undefined);
    const kept = (await world.pairs.enis('label')).find(({ tags }) => tags['networking.k8s.aws/node'] === other);

    await labelNode(world.stack, flapping, { label: null });
    await sleep(2_000);
    await labelNode(world.stack, flapping, { label: 'yes' });
    await sleep(500);
    await labelNode(world.stack, flapping, { label: null });
    await world.pairs.untilAttached('label', [other]);
    await scene.until('its status wants one', 10_000, async () => {
      assert.equal((await world.objects.nodeEni('label'))?.status?.desired, 1);
      return true;
    });

    assert.deepEqual(
      (await world.pairs.enis('label')).map(({ id, attachment }) => [id, attachment?.id]),
      [[kept?.id, kept?.attachment?.id]],
    );
    await scene.remove();
  });

  async function createHeld(name: string, nodeSelector: Readonly<Record<string, string>>): Promise<void> {
    const spec = { nodeSelector, subnetID: world.subnet('a'), securityGroupIDs: [world.group('one')], deviceIndex: 1 };
    const metadata = { name, finalizers: [FOREIGN] };
    const body = { apiVersion: `${KIND.group}/${KIND.version}`, kind: 'NodeENI', metadata, spec };
    const custom = world.stack.kubernetes.config.makeApiClient(CustomObjectsApi);
    await custom.createClusterCustomObject({ ...KIND, body });
  }

  /** Annotates a NodeENI, one write after the other, until it is told to stop. Returns how often. */
  async function annotate(name: string, stop: AbortSignal): Promise<number> {
    let count = 0;
    await eventually(
      'somebody annotates',
      async () => {
        if (stop.aborted) return true;
        count += 1;
        await world.objects.patchNodeEni(name, { metadata: { annotations: { 'example.com/count': String(count) } } });
        return false;
      },
      { timeoutMs: 60_000, intervalMs: 1 },
    );
    return count;
  }
});
