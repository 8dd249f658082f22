import assert from 'node:assert/strict';
import { CreateSubnetCommand } from '@aws-sdk/client-ec2';
import { given } from '../../dev/stack/seed.js';
import type { World } from '../../dev/world/world.js';
import { foreignEni } from './support/foreign.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

const PAIRS = 3;

/** EC2 is asked for an ENI in a full subnet no more often, in seconds, by all pairs together. */
const SPACING_S = 120;

/** How long the subnet of the patient pairs stays full, in seconds. */
const FULL_S = 90;

const FULL = {
  code: 'InsufficientFreeAddressesInSubnet',
  message: 'The specified subnet does not have enough free addresses to satisfy the request.',
};

/** What it says by another code. */
const FULL_VALUE = { code: 'InvalidParameterValue', message: 'There are not enough free addresses in subnet.' };

describe('a subnet without a free address', function () {
  this.timeout(240_000);
  let world: World;
  let patient: Scene;
  let cured: Promise<void>;

  // Pairs that run into a full subnet wait for minutes: they do while the other tests run.
  withWorld(async (started) => {
    world = started;
    const subnetID = await world.extraSubnet('a');
    const id = await world.stack.ec2.control.addFault({
      ...{ ...FULL, action: 'CreateNetworkInterface', params: { SubnetId: subnetID }, times: null },
    });
    patient = await Scene.start(world, 'patient', { nodes: PAIRS, spec: { subnetID } });
    await patient.untilReason('SubnetFull');
    cured = letPass(FULL_S).then(async () => world.stack.ec2.control.clearFaults({ id }));
  });

  it('is known before, so that nothing is tried; the next candidate is chosen, and a freed address used', async () => {
    const subnetID = await smallSubnet();
    const others = await Promise.all(Array.from({ length: 11 }, async () => foreignEni(world, subnetID)));
    const alone = await Scene.start(world, 'crowded', { spec: { subnetID } });
    const choosy = await Scene.start(world, 'choosy', { spec: { subnetID, subnetIDs: [world.subnet('a')] } });
    const { message, ready } = await alone.untilReason('SubnetFull');
    await choosy.untilAttached();

    const early = await alone.calls('CreateNetworkInterface');
    await others[0]?.remove();
    await alone.untilAttached(60_000);

    assert.match(message, new RegExp(`no free address in ${subnetID}`));
    assert.match(ready, /free some or add another subnet/);
    assert.deepEqual(early, []);
    assert.equal((await choosy.calls('CreateNetworkInterface')).length, 1);
    assert.equal((await world.pairs.enis('choosy'))[0]?.subnetId, world.subnet('a'));
    await Promise.all([alone.remove(), choosy.remove()]);
    await Promise.all(others.slice(1).map(async (other) => other.remove()));
  });

  it('that is known by a refusal alone, by another code, makes the pairs take the next candidate', async () => {
    const subnetID = await world.extraSubnet('a');
    const params = { SubnetId: subnetID };
    const id = await world.stack.ec2.control.addFault({
      ...{ ...FULL_VALUE, action: 'CreateNetworkInterface', params, times: null },
    });
    const spec = { subnetID, subnetIDs: [world.subnet('a')] };
    const scene = await Scene.start(world, 'second', { nodes: PAIRS, spec });

    await scene.untilAttached();
    await letPass(2);
    await world.stack.ec2.control.clearFaults({ id });

    const calls = await scene.calls('CreateNetworkInterface');
    const inVain = calls.filter(({ params: { SubnetId: subnet } }) => subnet === subnetID);
    assert.ok(inVain.length <= PAIRS, `${inVain.length} creates in the full subnet`);
    assert.equal((await scene.made()).length, PAIRS);
    await scene.remove();
  });

  it('is left alone for two minutes by all pairs, and then used by itself when there are addresses', async () => {
    await cured;
    await patient.untilAttached(SPACING_S * 1_000);

    const calls = await patient.calls('CreateNetworkInterface');
    const refused = calls.filter(({ code }) => code === FULL.code).map(({ t }) => t);
    const [first = 0, taken = 0] = [refused[0], calls.find(({ code }) => code === null)?.t];
    // Those that begin at once do not know of each other's refusal yet.
    assert.ok(refused.length <= PAIRS && refused.every((t) => t - first < 5), `refused at ${refused.join(', ')}`);
    assert.ok(taken - first >= SPACING_S, `asked again after ${taken - first} s`);
    assert.equal((await patient.made()).length, PAIRS);
    await patient.remove();
  });

  /** Eleven of its sixteen addresses can be had: EC2 keeps five. */
  async function smallSubnet(): Promise<string> {
    const { Subnet: subnet } = await world.stack.ec2.client.send(
      new CreateSubnetCommand({
        VpcId: world.vpc.vpcId,
        AvailabilityZone: 'us-east-1a',
        CidrBlock: '10.0.250.0/28',
      }),
    );
    return given(subnet?.SubnetId, 'CreateSubnet');
  }
});
