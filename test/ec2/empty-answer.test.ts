import assert from 'node:assert/strict';
import { DetachNetworkInterfaceCommand } from '@aws-sdk/client-ec2';
import type { World } from '../../dev/world/world.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

const NODES = 20;

describe('one answer in which EC2 does not know an instance', function () {
  this.timeout(120_000);
  let world: World;

  withWorld((started) => void (world = started));

  it('is got over by itself: the pair looks again, and every node has its ENI', async () => {
    const scene = await Scene.prepare(world, 'blind', { nodes: NODES });
    const fault = await hide(scene.node.instanceId);
    const { lastSeq } = await world.stack.ec2.control.journal();
    await scene.begin();
    await scene.untilAttached();

    assert.equal(await hits(fault), 1);
    assert.equal((await scene.made()).length, NODES);
    assert.deepEqual(await gone(lastSeq), []);
    assert.equal((await world.pairs.untilWorkflows('blind', 'Running', NODES)).length, NODES);
    assert.deepEqual(await world.pairs.workflows('blind', 'Completed'), []);
    await scene.remove();
  });

  it('releases nothing of a pair whose ENI was just detached by hand: the same ENI is attached again', async () => {
    const scene = await Scene.start(world, 'torn');
    await scene.untilAttached();
    const [eni] = await world.pairs.enis('torn');
    assert.ok(eni?.attachment);
    const fault = await hide(scene.node.instanceId);
    await world.stack.ec2.client.send(new DetachNetworkInterfaceCommand({ AttachmentId: eni.attachment.id }));
    const { lastSeq } = await world.stack.ec2.control.journal();

    await wake('torn', scene.node.name);
    const { message } = await scene.untilReason('InstanceNotFound');
    await scene.untilAttached();

    assert.match(message, new RegExp(scene.node.instanceId));
    assert.equal(await hits(fault), 1);
    assert.deepEqual(await gone(lastSeq), []);
    assert.deepEqual(await scene.made(), [eni.id]);
    const [after] = await world.pairs.enis('torn');
    assert.deepEqual([after?.id, after?.attachment?.instanceId], [eni.id, scene.node.instanceId]);
    assert.deepEqual(await world.pairs.workflows('torn', 'Completed'), []);
    await scene.remove();
  });

  /** Lets EC2 not know the instance in the next answer about it; returns the fault's id. */
  async function hide(instanceId: string): Promise<number> {
    return world.stack.ec2.control.addFault({ action: 'DescribeInstances', hide: instanceId });
  }

  async function hits(fault: number): Promise<number | undefined> {
    return (await world.stack.ec2.control.readFaults()).find(({ id }) => id === fault)?.hits;
  }

  /** What was taken away from ENIs since then. */
  async function gone(since: number): Promise<readonly unknown[]> {
    const { events } = await world.stack.ec2.control.journal({ since });
    return events.filter(({ event }) => event === 'detached' || event === 'deleted');
  }

  /** Says "look again", as the audit does when it finds drift. */
  async function wake(nodeEni: string, node: string): Promise<void> {
    await world.pairs.temporal(async (client) =>
      client.workflow.getHandle(`eni:e2e:${nodeEni}:${node}`).signal('reconcile'),
    );
  }
});
