import assert from 'node:assert/strict';
import type { World } from '../../dev/world/world.js';
import { foreignHolder } from './support/foreign.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

const NODES = 4;

describe('a rolling replacement', function () {
  this.timeout(120_000);
  let world: World;

  withWorld((started) => void (world = started));

  it('stops while a replaced pair fails, says so, and goes on when it recovers', async () => {
    const scene = await rolling('roll', {});
    const holder = await foreignHolder(world, scene.node.instanceId, 2);
    const { lastSeq } = await world.stack.ec2.control.journal();

    await world.objects.patchNodeEni('roll', { spec: { deviceIndex: 2 } });
    await scene.until('the first pair is blocked', 30_000, async () => blocked(scene));
    await letPass(3);
    const stopped = { indexes: await indexes('roll'), counts: await counts('roll') };
    const progressing = await scene.ready('Progressing');
    await holder.remove();
    await untilIndex(scene, 2);

    assert.deepEqual(stopped, { indexes: [1, 1, 1], counts: { updated: 1, unavailable: 1, attached: 3 } });
    assert.deepEqual([progressing.status, progressing.reason], ['True', 'Updating']);
    assert.deepEqual(await counts('roll'), { updated: NODES, unavailable: 0, attached: NODES });
    assert.equal(await fewestAttached('roll', lastSeq), NODES - 1);
    assert.equal((await scene.made()).length, 2 * NODES);
    await scene.remove();
  });

  it('goes on when the spec changes again, though the replaced pair never recovered', async () => {
    const scene = await rolling('again', {});
    const holder = await foreignHolder(world, scene.node.instanceId, 2);
    const { lastSeq } = await world.stack.ec2.control.journal();
    await world.objects.patchNodeEni('again', { spec: { deviceIndex: 2 } });
    await scene.until('the first pair is blocked', 30_000, async () => blocked(scene));

    await world.objects.patchNodeEni('again', { spec: { deviceIndex: 3 } });
    await untilIndex(scene, 3);

    assert.equal(await fewestAttached('again', lastSeq), NODES - 1);
    assert.deepEqual(await counts('again'), { updated: NODES, unavailable: 0, attached: NODES });
    await scene.remove();
    await holder.remove();
  });

  it('takes a percentage of the pairs at a time', async () => {
    const scene = await rolling('half', { updateStrategy: { type: 'RollingUpdate', maxUnavailable: '50%' } });
    const { lastSeq } = await world.stack.ec2.control.journal();

    await world.objects.patchNodeEni('half', { spec: { deviceIndex: 2 } });
    await untilIndex(scene, 2);

    assert.equal(await fewestAttached('half', lastSeq), NODES / 2);
    await scene.remove();
  });

  it('with another subnet goes the same way', async () => {
    const scene = await rolling('move', {});
    const subnetID = await world.extraSubnet('a');
    const { lastSeq } = await world.stack.ec2.control.journal();

    await world.objects.patchNodeEni('move', { spec: { subnetID } });
    await scene.until('all ENIs are in the new subnet', 45_000, async () => {
      const enis = await world.pairs.enis('move');
      return enis.length === NODES && enis.every((eni) => eni.subnetId === subnetID);
    });
    await scene.untilAttached();

    assert.equal(await fewestAttached('move', lastSeq), NODES - 1);
    await scene.remove();
  });

  it('with another subnet reaches an ENI that was being made in the old one', async () => {
    const subnetID = await world.extraSubnet('a');
    const fault = await world.stack.ec2.control.addFault({
      action: 'CreateNetworkInterface',
      pause: 'before',
      times: 1,
    });
    const scene = await Scene.start(world, 'late');
    await scene.until('the create is held', 30_000, async () => (await world.stack.ec2.control.held()).length === 1);

    await world.objects.patchNodeEni('late', { spec: { subnetID } });
    await scene.until('the Attachment names the new subnet', 30_000, async () =>
      (await scene.attachments()).every(({ metadata }) => metadata.generation === 2),
    );
    await world.stack.ec2.control.clearFaults({ id: fault });
    await scene.until('the ENI is in the new subnet', 45_000, async () => {
      const enis = await world.pairs.enis('late');
      return enis.length === 1 && enis[0]?.subnetId === subnetID;
    });
    await scene.untilAttached();

    await scene.remove();
  });

  it('waits for the user where the strategy is OnDelete', async () => {
    const scene = await rolling('byhand', { updateStrategy: { type: 'OnDelete' } });

    await world.objects.patchNodeEni('byhand', { spec: { deviceIndex: 2 } });
    await scene.until('the status counts no updated pair', 30_000, async () => (await counts('byhand')).updated === 0);
    await letPass(2);
    const waiting = await indexes('byhand');
    await world.objects.deleteAttachment('byhand-3.0.1');
    await scene.until('one pair has the new index', 30_000, async () => {
      const { updated, attached } = await counts('byhand');
      return updated === 1 && attached === NODES;
    });

    assert.deepEqual(waiting, [1, 1, 1, 1]);
    assert.deepEqual(await indexes('byhand'), [1, 1, 1, 2]);
    await scene.remove();
  });

  async function rolling(name: string, spec: Readonly<Record<string, unknown>>): Promise<Scene> {
    const scene = await Scene.start(world, name, { nodes: NODES, spec });
    await scene.untilAttached();
    return scene;
  }

  async function untilIndex(scene: Scene, index: number): Promise<void> {
    await scene.until(`all ENIs of ${scene.name} have index ${index}`, 45_000, async () => {
      const found = await indexes(scene.name);
      return found.length === NODES && found.every((one) => one === index);
    });
    await scene.untilAttached();
  }

  async function blocked(scene: Scene): Promise<boolean> {
    return (await scene.attachments()).some(({ status }) => status?.reason === 'DeviceIndexInUse');
  }

  /** The device indexes of the attached ENIs, in order. */
  async function indexes(nodeEni: string): Promise<readonly (number | undefined)[]> {
    const enis = await world.pairs.enis(nodeEni);
    return enis.flatMap(({ attachment }) => (attachment === null ? [] : [attachment.deviceIndex])).toSorted();
  }

  async function counts(nodeEni: string): Promise<Readonly<Record<'updated' | 'unavailable' | 'attached', unknown>>> {
    const status: Readonly<Record<string, unknown>> = { ...(await world.objects.nodeEni(nodeEni))?.status };
    return { updated: status['updated'], unavailable: status['unavailable'], attached: status['attached'] };
  }

  /** The fewest ENIs that were attached at any time since, by EC2's own account. */
  async function fewestAttached(nodeEni: string, since: number): Promise<number> {
    const { events } = await world.stack.ec2.control.journal({ since, tag: `networking.k8s.aws/nodeeni=${nodeEni}` });
    let now = NODES;
    let fewest = NODES;
    for (const { event } of events) {
      if (event === 'attached') now += 1;
      if (event === 'detached') now -= 1;
      fewest = Math.min(fewest, now);
    }
    return fewest;
  }
});
