import assert from 'node:assert/strict';
import { DetachNetworkInterfaceCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { deleteNode } from '../../dev/stack/nodes.js';
import type { World } from '../../dev/world/world.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

/** So long that only a leap of EC2's clock ends it, in seconds. */
const LONG = 600;

const SECONDS = 5;

/** Looks of one wait in so many seconds: many at first, since most waits are short. */
const LOOKS = 20;

describe('EC2 that takes minutes', function () {
  this.timeout(120_000);
  let world: World;

  withWorld((started) => void (world = started));

  afterEach(async () => {
    await world.stack.ec2.control.config({ attach_s: 0, detach_s: 0, shutting_down_s: 0 });
    await world.stack.ec2.control.advance(LONG);
  });

  it('to attach is waited for with few looks, no second attach and no second ENI', async () => {
    await world.stack.ec2.control.config({ attach_s: LONG });
    const scene = await Scene.start(world, 'slow', { nodes: 3 });
    await scene.untilPhase('Attaching');

    await letPass(SECONDS);
    const looks = await scene.calls('DescribeNetworkInterfaces');
    const ready = await scene.ready();
    await world.stack.ec2.control.advance(LONG);
    await scene.untilAttached();

    assert.ok(looks.length <= LOOKS, `${looks.length} looks`);
    assert.deepEqual([ready.status, ready.reason], ['False', 'Attaching']);
    assert.equal((await scene.calls('AttachNetworkInterface')).length, 3);
    assert.equal((await scene.made()).length, 3);
    await world.stack.ec2.control.config({ attach_s: 0 });
    await scene.remove();
  });

  it('to attach is not waited for when the NodeENI is deleted: the ENI is detached and deleted at once', async () => {
    await world.stack.ec2.control.config({ attach_s: LONG });
    const scene = await Scene.start(world, 'stop');
    await scene.untilPhase('Attaching');

    await scene.remove(20_000);

    assert.equal((await scene.made()).length, 1);
  });

  it('to detach is asked for once and without force, and the ENI deleted after', async () => {
    const scene = await Scene.start(world, 'leave', { nodes: 3 });
    await scene.untilAttached();
    await world.stack.ec2.control.config({ detach_s: LONG });
    const { lastSeq } = await world.stack.ec2.control.counts();
    await world.objects.deleteNodeEni('leave');
    await scene.untilPhase('Detaching');

    await letPass(SECONDS);
    const looks = await scene.calls('DescribeNetworkInterfaces', lastSeq);
    const deletes = await scene.calls('DeleteNetworkInterface', lastSeq);
    const ready = await scene.ready();
    await world.stack.ec2.control.advance(LONG);
    await scene.untilNothingIsLeft();

    assert.ok(looks.length <= LOOKS, `${looks.length} looks`);
    assert.deepEqual(deletes, []);
    assert.deepEqual([ready.status, ready.reason], ['False', 'Deleting']);
    const detaches = await scene.calls('DetachNetworkInterface', lastSeq);
    assert.equal(detaches.length, 3);
    assert.ok(detaches.every(({ params }) => params['Force'] === undefined));
  });

  it('to detach an ENI whose instance ends meanwhile leaves nothing behind', async () => {
    const scene = await Scene.start(world, 'end', { spec: { deleteOnTermination: false } });
    await scene.untilAttached();
    await world.stack.ec2.control.config({ detach_s: LONG, shutting_down_s: 2 });
    await deleteNode(world.stack, scene.node.name);
    await scene.untilPhase('Detaching');

    await world.stack.ec2.client.send(new TerminateInstancesCommand({ InstanceIds: [scene.node.instanceId] }));
    await world.stack.ec2.control.advance(LONG);
    await world.pairs.untilAttached('end', []);

    assert.deepEqual(await world.pairs.enis('end'), []);
    await scene.remove();
  });

  it('needs no detach where somebody else has detached the ENI already', async () => {
    const scene = await Scene.start(world, 'loose');
    await scene.untilAttached();
    const [eni] = await world.pairs.enis('loose');
    await world.stack.ec2.client.send(new DetachNetworkInterfaceCommand({ AttachmentId: eni?.attachment?.id }));
    const { lastSeq } = await world.stack.ec2.control.counts();

    await scene.remove();

    assert.deepEqual(await scene.calls('DetachNetworkInterface', lastSeq), []);
    assert.equal((await scene.made()).length, 1);
  });

  it('and then refuses to delete is asked again at the pace of the back-off until it agrees', async () => {
    const scene = await Scene.start(world, 'stuck');
    await scene.untilAttached();
    const refusal = { code: 'OperationNotPermitted', message: 'You are not allowed to manage it.', times: 5 };
    await world.stack.ec2.control.addFault({ action: 'DeleteNetworkInterface', ...refusal });
    await world.objects.deleteNodeEni('stuck');

    const message = await scene.untilRefused('NotPermitted', 'Deleting');
    await scene.untilNothingIsLeft();

    assert.match(message, /You are not allowed to manage it/);
    assert.equal((await scene.calls('DeleteNetworkInterface')).length, 6);
  });
});
