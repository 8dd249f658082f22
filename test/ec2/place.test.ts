import assert from 'node:assert/strict';
import type { World } from '../../dev/world/world.js';
import { foreignHolder } from './support/foreign.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

describe('a place that an ENI cannot have', function () {
  this.timeout(120_000);
  let world: World;

  withWorld((started) => void (world = started));

  it('because a foreign ENI holds the index is not tried; it is taken when the other has gone', async () => {
    const scene = await Scene.prepare(world, 'held');
    const holder = await foreignHolder(world, scene.node.instanceId, 1);
    await scene.begin();

    const { message, ready } = await scene.untilReason('DeviceIndexInUse');
    await letPass(2);
    const early = await scene.calls('CreateNetworkInterface');
    const untouched = (await world.stack.ec2.control.enis()).find(({ id }) => id === holder.id);
    await holder.remove();
    await scene.untilAttached();

    assert.match(message, new RegExp(`${holder.id} holds device index 1 of ${scene.node.instanceId}`));
    assert.match(ready, /free it or choose another deviceIndex/);
    assert.deepEqual(early, []);
    assert.equal(untouched?.attachment?.deviceIndex, 1);
    assert.equal((await world.pairs.enis('held'))[0]?.attachment?.deviceIndex, 1);
    await scene.remove();
  });

  it('because the index is taken between the look and the attach costs one ENI, which is attached later', async () => {
    const scene = await Scene.prepare(world, 'raced');
    const pause = await world.stack.ec2.control.addFault({
      ...{ action: 'CreateNetworkInterface', pause: 'after' },
      params: { 'TagSpecification.1.Tag.1.Value': `raced/${scene.node.name}` },
    });
    await scene.begin();
    await scene.until('the create call is held', 30_000, async () => {
      const calls = await world.stack.ec2.control.held();
      return calls.some((call) => call.faultId === pause);
    });
    const holder = await foreignHolder(world, scene.node.instanceId, 1);
    await world.stack.ec2.control.release({ faultId: pause });
    await scene.untilReason('DeviceIndexInUse');
    await holder.remove();
    await scene.untilAttached();

    assert.equal((await scene.made()).length, 1);
    await scene.remove();
  });

  it('because the instance type takes no more is known before, and had when another ENI has gone', async () => {
    const scene = await Scene.prepare(world, 'most', { node: { instanceType: 'm5.large' } });
    const others = [
      await foreignHolder(world, scene.node.instanceId, 2),
      await foreignHolder(world, scene.node.instanceId, 3),
    ];
    await scene.begin();

    const { message } = await scene.untilReason('AttachmentLimitReached');
    await letPass(2);
    const early = await scene.calls('CreateNetworkInterface');
    await Promise.all(others.map(async (other) => other.remove()));
    await scene.untilAttached();

    assert.match(message, /m5\.large allows 3 interfaces/);
    assert.deepEqual(early, []);
    await scene.remove();
  });

  it('because the subnet is in another zone is known before; a candidate in the zone is chosen', async () => {
    const scene = await Scene.start(world, 'zone', { spec: { subnetID: world.subnet('b') } });
    const { message } = await scene.untilReason('ZoneMismatch');
    await letPass(2);
    const early = await scene.calls('CreateNetworkInterface');

    await world.objects.patchNodeEni('zone', { spec: { subnetIDs: [world.subnet('a')] } });
    await scene.untilAttached();

    assert.match(message, new RegExp(`${world.subnet('b')} is in us-east-1b; the instance is in us-east-1a`));
    assert.deepEqual(early, []);
    assert.equal((await world.pairs.enis('zone'))[0]?.subnetId, world.subnet('a'));
    await scene.remove();
  });

  it('because there is no such network card is known before', async () => {
    const scene = await Scene.start(world, 'nocard', { spec: { networkCardIndex: 1 } });

    await scene.untilReason('NetworkCardNotFound');
    await letPass(2);

    assert.deepEqual(await scene.calls('CreateNetworkInterface'), []);
    await scene.remove();
  });

  it('on one network card does not hinder the same index of another', async () => {
    await world.stack.ec2.control.config({ require_network_card_index: true });
    const node = { instanceType: 'p4d.24xlarge' } as const;
    const scene = await Scene.prepare(world, 'cards', { node, spec: { networkCardIndex: 1 } });
    const holder = await foreignHolder(world, scene.node.instanceId, 1);
    await scene.begin();
    await scene.untilAttached();

    const [eni] = await world.pairs.enis('cards');
    assert.equal(`${eni?.attachment?.networkCardIndex ?? ''}.${eni?.attachment?.deviceIndex ?? ''}`, '1.1');
    const attaches = await scene.calls('AttachNetworkInterface');
    assert.deepEqual(
      attaches.map(({ params }) => params['NetworkCardIndex']),
      ['1'],
    );
    await scene.remove();
    await holder.remove();
    await world.stack.ec2.control.config({ require_network_card_index: false });
  });
});
