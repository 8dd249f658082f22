import assert from 'node:assert/strict';
import type { World } from '../../dev/world/world.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

describe('two NodeENIs that want one slot', function () {
  this.timeout(90_000);
  let world: World;

  withWorld((started) => void (world = started));

  it('share it out: the first has it, the second is told who, and gets it when it is free', async () => {
    const first = await Scene.start(world, 'slot', { nodes: 2 });
    await first.untilAttached();
    const spec = { nodeSelector: { slot: 'yes' }, subnetID: world.subnet('a'), securityGroupIDs: [world.group('one')] };
    await world.objects.createNodeEni('later', spec);

    const conflict = await first.until('the second NodeENI names the first', 30_000, async () => {
      const object = await world.objects.nodeEni('later');
      return object?.status?.conditions.find(({ type, status }) => type === 'SlotConflict' && status === 'True');
    });
    await letPass(2);
    const ready = (await world.objects.nodeEni('later'))?.status?.conditions.find(({ type }) => type === 'Ready');
    const early = await world.stack.ec2.control.journal({ tag: 'networking.k8s.aws/nodeeni=later' });
    await first.remove();
    await world.pairs.untilAttached('later', ['slot-1', 'slot-2']);

    assert.match(conflict.message, /NodeENI slot holds device index 1 on network card 0 of node slot-\d and 1 more/);
    assert.deepEqual([ready?.status, ready?.reason], ['False', 'SlotConflict']);
    assert.deepEqual(early.createdEniIds, []);
    assert.equal((await world.pairs.enis('later')).length, 2);
    await world.objects.deleteNodeEni('later');
    await world.pairs.untilGone('later');
  });

  it('that are made at once have one winner a node, and as many ENIs as there are slots', async () => {
    const [one, two] = [await Scene.prepare(world, 'twin', { nodes: 3 }), 'twin-b'];
    const spec = { nodeSelector: { twin: 'yes' }, subnetID: world.subnet('a'), securityGroupIDs: [world.group('one')] };
    await Promise.all([one.begin(), world.objects.createNodeEni(two, spec)]);

    await one.until('each slot has its ENI', 45_000, async () => {
      const attached = [...(await one.attachments()), ...(await world.objects.attachments(two))];
      return attached.length === 3 && attached.every(({ status }) => status?.phase === 'Attached');
    });
    await letPass(1);

    const enis = [...(await world.pairs.enis('twin')), ...(await world.pairs.enis(two))];
    assert.equal(enis.length, 3);
    assert.equal(new Set(enis.map(({ attachment }) => attachment?.instanceId)).size, 3);
    await Promise.all([world.objects.deleteNodeEni('twin'), world.objects.deleteNodeEni(two)]);
    await Promise.all([one.untilNothingIsLeft(), world.pairs.untilGone(two)]);
  });
});
