import assert from 'node:assert/strict';
import { DeleteSecurityGroupCommand, DeleteSubnetCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { deleteNode, labelNode, seedNode, seedNodes } from '../../dev/stack/nodes.js';
import { eventually } from '../../dev/stack/eventually.js';
import { sharedWorld } from './support/shared-world.js';
import type { World } from '../../dev/world/world.js';

describe('changing what is wanted', function () {
  this.timeout(90_000);
  let world: World;

  before(async () => {
    world = await sharedWorld();
  });

  it('attaches when a label is added, and detaches and deletes when one is removed', async () => {
    await nodes('label', ['1', '2'], { label: 'no' });
    await labelNode(world.stack, 'label-1', { label: 'yes' });
    await nodeEni('label', { label: 'yes' });
    await world.pairs.untilAttached('label', ['label-1']);

    await labelNode(world.stack, 'label-2', { label: 'yes' });
    await world.pairs.untilAttached('label', ['label-1', 'label-2']);
    await labelNode(world.stack, 'label-1', { label: null });
    await world.pairs.untilAttached('label', ['label-2']);

    assert.deepEqual(
      (await world.pairs.enis('label')).map(({ tags }) => tags['networking.k8s.aws/node']),
      ['label-2'],
    );
  });

  it('releases the ENI of a Node that is deleted', async () => {
    await nodes('node', ['1', '2'], { node: 'yes' });
    await nodeEni('node', { node: 'yes' });
    await world.pairs.untilAttached('node', ['node-1', 'node-2']);

    await deleteNode(world.stack, 'node-1');
    await world.pairs.untilAttached('node', ['node-2']);

    assert.equal((await world.pairs.enis('node')).length, 1);
  });

  for (const deleteOnTermination of [true, false]) {
    it(`leaves nothing of a terminated instance behind with deleteOnTermination ${deleteOnTermination}`, async () => {
      const name = deleteOnTermination ? 'term-t' : 'term-f';
      const node = await seedNode(world.stack, world.vpc, { name: `${name}-1`, labels: { [name]: 'yes' } });
      await nodeEni(name, { [name]: 'yes' }, { deleteOnTermination });
      await world.pairs.untilAttached(name, [`${name}-1`]);

      await world.stack.ec2.client.send(new TerminateInstancesCommand({ InstanceIds: [node.instanceId] }));
      await deleteNode(world.stack, node.name);
      await world.pairs.untilAttached(name, []);

      assert.deepEqual(await world.pairs.enis(name), []);
    });
  }

  it('keeps a deleted NodeENI until its last ENI is gone, so that its subnet and group can go at that moment', async () => {
    const subnet = await world.extraSubnet('a');
    const group = await world.extraGroup('gone');
    await nodes('gone', ['1', '2'], { gone: 'yes' });
    await nodeEni('gone', { gone: 'yes' }, { subnetID: subnet, securityGroupIDs: [group] });
    await world.pairs.untilAttached('gone', ['gone-1', 'gone-2']);
    await world.stack.ec2.control.config({ detach_s: 3 });

    try {
      await world.objects.deleteNodeEni('gone');
      await world.pairs.untilGone('gone');
    } finally {
      await world.stack.ec2.control.config({ detach_s: 0 });
    }

    await world.stack.ec2.client.send(new DeleteSecurityGroupCommand({ GroupId: group }));
    await world.stack.ec2.client.send(new DeleteSubnetCommand({ SubnetId: subnet }));
  });

  it('follows a changed selector', async () => {
    await seedNode(world.stack, world.vpc, { name: 'select-1', labels: { select: 'old' } });
    await seedNode(world.stack, world.vpc, { name: 'select-2', labels: { select: 'new' } });
    await nodeEni('select', { select: 'old' });
    await world.pairs.untilAttached('select', ['select-1']);

    await world.objects.patchNodeEni('select', { spec: { nodeSelector: { select: 'new' } } });
    await world.pairs.untilAttached('select', ['select-2']);

    assert.deepEqual(
      (await world.pairs.enis('select')).map(({ tags }) => tags['networking.k8s.aws/node']),
      ['select-2'],
    );
  });

  it('changes the security groups of an attached ENI in place', async () => {
    await nodes('groups', ['1'], { groups: 'yes' });
    await nodeEni('groups', { groups: 'yes' });
    await world.pairs.untilAttached('groups', ['groups-1']);
    const [before] = await world.pairs.enis('groups');

    await world.objects.patchNodeEni('groups', { spec: { securityGroupIDs: [world.group('two')] } });
    const after = await eventually('the ENI has the new group', async () => {
      const [eni] = await world.pairs.enis('groups');
      return eni?.groups.join() === world.group('two') ? eni : null;
    });

    assert.equal(after.id, before?.id);
    assert.equal(after.attachment?.id, before?.attachment?.id);
    assert.deepEqual(await world.pairs.everMade('groups', 'groups-1'), [before?.id]);
  });

  it('replaces the ENI when the device index changes, one after the other', async () => {
    await nodes('roll', ['1', '2'], { roll: 'yes' });
    await nodeEni('roll', { roll: 'yes' }, { deviceIndex: 1 });
    await world.pairs.untilAttached('roll', ['roll-1', 'roll-2']);

    await world.objects.patchNodeEni('roll', { spec: { deviceIndex: 3 } });
    await eventually(
      'both nodes have the new index',
      async () => {
        const enis = await world.pairs.enis('roll');
        return enis.length === 2 && enis.every(({ attachment }) => attachment?.deviceIndex === 3);
      },
      { timeoutMs: 30_000 },
    );
    await world.pairs.untilAttached('roll', ['roll-1', 'roll-2']);

    assert.equal((await world.objects.nodeEni('roll'))?.status?.updated, 2);
  });

  async function nodes(prefix: string, names: readonly string[], labels: Record<string, string>): Promise<void> {
    await seedNodes(
      world.stack,
      world.vpc,
      names.map((name) => ({ name: `${prefix}-${name}`, labels })),
    );
  }

  async function nodeEni(name: string, nodeSelector: Record<string, string>, more: object = {}): Promise<void> {
    const network = { subnetID: world.subnet('a'), securityGroupIDs: [world.group('one')], deviceIndex: 1 };
    await world.objects.createNodeEni(name, { nodeSelector, ...network, ...more });
  }
});
