import assert from 'node:assert/strict';
import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { seedVpc, type Vpc } from '../../dev/stack/seed.js';
import type { World } from '../../dev/world/world.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

/** The name that `seedVpc` gives to the subnet of zone a, in every VPC alike. */
const SUBNET_A = 'multi-eni-a';

describe('a subnet or security group that is given by name', function () {
  this.timeout(120_000);
  let world: World;
  let foreign: Vpc;

  withWorld(async (started) => {
    world = started;
    foreign = await seedVpc(world.stack.ec2.client, { network: 1, securityGroups: ['one', 'elsewhere'] });
  });

  it('is that of the instance’s VPC, though another VPC has the same names', async () => {
    const scene = await begin('same', { subnetNames: [SUBNET_A], securityGroupNames: ['one'] });
    await scene.untilAttached();

    const [eni] = await world.pairs.enis('same');
    assert.deepEqual([eni?.vpcId, eni?.subnetId], [world.vpc.vpcId, world.subnet('a')]);
    assert.deepEqual(eni?.groups, [world.group('one')]);
    await scene.remove();
  });

  it('is that of the instance’s zone, though another zone has the same name', async () => {
    const [inZone] = await named('net-zones', await world.extraSubnet('a'), await world.extraSubnet('b'));
    const scene = await begin('zones', { subnetNames: ['net-zones'], securityGroupNames: ['one'] });
    await scene.untilAttached();

    assert.equal((await world.pairs.enis('zones'))[0]?.subnetId, inZone);
    await scene.remove();
  });

  it('is none of two in the same zone: the pair names both and makes no ENI until an id is given', async () => {
    const both = await named('net-two', await world.extraSubnet('a'), await world.extraSubnet('a'));
    const scene = await begin('two', { subnetNames: ['net-two'], securityGroupNames: ['one'] });

    const { phase, message, ready } = await scene.untilReason('SubnetAmbiguous');
    await letPass(2);
    const early = await scene.calls('CreateNetworkInterface');
    await world.objects.patchNodeEni('two', { spec: { subnetNames: null, subnetID: both[1] } });
    await scene.untilAttached();

    assert.equal(phase, 'Blocked');
    for (const id of both) assert.ok(message.includes(id), message);
    assert.match(ready, /give a subnet id/);
    assert.deepEqual(early, []);
    assert.equal((await world.pairs.enis('two'))[0]?.subnetId, both[1]);
    await scene.remove();
  });

  it('is not looked for in another VPC when the instance’s has none of that name', async () => {
    const group = await begin('far-group', { subnetID: world.subnet('a'), securityGroupNames: ['elsewhere'] });
    await named('net-far', foreign.subnetIds['us-east-1a'] ?? '');
    const subnet = await begin('far-subnet', { subnetNames: ['net-far'], securityGroupNames: ['one'] });

    await Promise.all([group.untilReason('SecurityGroupNotFound'), subnet.untilReason('SubnetNotFound')]);
    await letPass(2);

    assert.deepEqual(await group.calls('CreateNetworkInterface'), []);
    assert.deepEqual(await subnet.calls('CreateNetworkInterface'), []);
    await Promise.all([group.remove(), subnet.remove()]);
  });

  /** A scene with these instead of the ids that scenes have. */
  async function begin(name: string, network: Readonly<Record<string, unknown>>): Promise<Scene> {
    const spec = { subnetID: undefined, securityGroupIDs: undefined, ...network };
    return Scene.start(world, name, { spec });
  }

  /** Gives subnets their name; returns their ids. */
  async function named(name: string, ...subnetIds: string[]): Promise<string[]> {
    const tags = { Resources: subnetIds, Tags: [{ Key: 'Name', Value: name }] };
    await world.stack.ec2.client.send(new CreateTagsCommand(tags));
    return subnetIds;
  }
});
