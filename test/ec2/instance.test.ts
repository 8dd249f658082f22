import assert from 'node:assert/strict';
import { StartInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { deleteNode, labelNode } from '../../dev/stack/nodes.js';
import type { World } from '../../dev/world/world.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

const LONG = 600;

describe('an instance', function () {
  this.timeout(120_000);
  let world: World;

  withWorld((started) => void (world = started));

  afterEach(async () => {
    await world.stack.ec2.control.config({ pending_s: 0, attach_s: 0 });
    await world.stack.ec2.control.advance(LONG);
  });

  it('that is pending gets its ENI when it runs, and nothing before', async () => {
    await world.stack.ec2.control.config({ pending_s: LONG });
    const scene = await Scene.start(world, 'pending');
    await scene.untilPhase('Pending');

    await letPass(3);
    const creates = await scene.calls('CreateNetworkInterface');
    const looks = await scene.calls('DescribeInstances');
    await world.stack.ec2.control.advance(LONG);
    await scene.untilAttached();

    assert.deepEqual(creates, []);
    assert.ok(looks.length <= 20, `${looks.length} looks`);
    await scene.remove();
  });

  it('that is pending is named as what the pair waits for', async () => {
    await world.stack.ec2.control.config({ pending_s: LONG });
    const scene = await Scene.start(world, 'said');

    const { message, ready } = await scene.untilReason('InstancePending', 10_000).finally(async () => scene.remove());

    assert.match(message, new RegExp(scene.node.instanceId));
    assert.match(ready, /the instance is starting/);
  });

  it('that is stopped gets its ENI, and keeps it when it is started and stopped again', async () => {
    const scene = await Scene.prepare(world, 'stopped');
    const ids = { InstanceIds: [scene.node.instanceId] };
    await world.stack.ec2.client.send(new StopInstancesCommand(ids));
    await scene.begin();
    await scene.untilAttached();
    const { mutating: before } = await changes();

    await world.stack.ec2.client.send(new StartInstancesCommand(ids));
    await labelNode(world.stack, scene.node.name, { started: 'yes' });
    await world.stack.ec2.client.send(new StopInstancesCommand(ids));
    await labelNode(world.stack, scene.node.name, { started: null });
    await letPass(2);
    const after = await changes();
    await scene.untilAttached();

    assert.equal(after.mutating, before);
    assert.equal((await scene.made()).length, 1);
    await scene.remove();
  });

  it('that is terminated while its ENI is attaching is named, and its ENI goes with the Node', async () => {
    await world.stack.ec2.control.config({ attach_s: LONG });
    const scene = await Scene.start(world, 'ended', { spec: { deleteOnTermination: false } });
    await scene.untilPhase('Attaching');

    await world.stack.ec2.client.send(new TerminateInstancesCommand({ InstanceIds: [scene.node.instanceId] }));
    await world.stack.ec2.control.config({ attach_s: 0 });
    const { phase, message } = await scene.untilReason('InstanceTerminated');
    await letPass(3);
    const made = await scene.made();
    await deleteNode(world.stack, scene.node.name);
    await world.pairs.untilAttached('ended', []);

    assert.equal(phase, 'Blocked');
    assert.match(message, new RegExp(`${scene.node.instanceId} is terminated`));
    assert.equal(made.length, 1);
    assert.deepEqual(await world.pairs.enis('ended'), []);
    await scene.remove();
  });

  it('that EC2 has terminated before gets no ENI', async () => {
    const scene = await Scene.prepare(world, 'dead');
    await world.stack.ec2.client.send(new TerminateInstancesCommand({ InstanceIds: [scene.node.instanceId] }));
    await scene.begin();

    await scene.untilReason('InstanceTerminated');
    await letPass(2);

    assert.deepEqual(await scene.calls('CreateNetworkInterface'), []);
    await scene.remove();
  });

  /** How many calls of the controller have changed EC2; the test's own starts and stops do not count. */
  async function changes(): Promise<{ mutating: number }> {
    const { byAction, mutating } = await world.stack.ec2.control.counts();
    return { mutating: mutating - (byAction['StartInstances'] ?? 0) - (byAction['StopInstances'] ?? 0) };
  }
});
