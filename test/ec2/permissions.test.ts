import assert from 'node:assert/strict';
import { eventually } from '../../dev/stack/eventually.js';
import type { World } from '../../dev/world/world.js';
import { assertPaced, letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

/** What the controller may not do, in the order in which a pair needs it; and the call that is refused. */
const NEEDED = [
  ['DescribeNetworkInterfaces', 'DescribeNetworkInterfaces'],
  ['DescribeInstances', 'DescribeInstances'],
  ['DescribeSecurityGroups', 'DescribeSecurityGroups'],
  ['CreateTags', 'CreateNetworkInterface'],
  ['CreateNetworkInterface', 'CreateNetworkInterface'],
  ['AttachNetworkInterface', 'AttachNetworkInterface'],
  ['ModifyNetworkInterfaceAttribute', 'ModifyNetworkInterfaceAttribute'],
] as const;

const SECONDS = 2;

describe('a right that is lost', function () {
  this.timeout(150_000);
  let world: World;

  withWorld((started) => void (world = started));

  afterEach(async () => {
    await world.stack.ec2.control.config({ denied_actions: [], refused_access_keys: [], clock_skew_s: 0 });
  });

  it('stops a pair with the name of the right, wherever it stands, and it goes on where it was', async () => {
    // Nothing of the subnet and the group is cached, since nobody else uses them.
    const subnetID = await world.extraSubnet('a');
    const securityGroupIDs = [await world.extraGroup('rights')];
    const scene = await Scene.prepare(world, 'rights', { spec: { subnetID, securityGroupIDs } });
    for (const [right, action] of NEEDED) {
      await world.stack.ec2.control.config({ denied_actions: [right] });
      const { lastSeq } = await world.stack.ec2.control.counts();
      if (right === NEEDED[0][0]) await scene.begin();
      const began = performance.now();

      const { message } = await eventually(
        `the pair wants ${right}`,
        async () => {
          const complaint = await scene.untilReason('PermissionDenied');
          return complaint.message.includes(`ec2:${right}`) ? complaint : null;
        },
        { timeoutMs: 45_000 },
      );

      const calls = await scene.calls(action, lastSeq);
      const seconds = (performance.now() - began) / 1_000;
      assert.match(message, new RegExp(`^${action}: the controller may not call ec2:${right}`));
      assertPaced(calls, seconds, action);
    }

    await world.stack.ec2.control.config({ denied_actions: [] });
    await scene.untilAttached();

    assert.equal((await scene.made()).length, 1);
    await scene.remove();
  });

  it('stops the removal too, which is finished when it is back', async () => {
    const scene = await Scene.start(world, 'removal');
    await scene.untilAttached();
    const rows = [
      ['DescribeNetworkInterfaces', 'Deleting'],
      ['DetachNetworkInterface', 'Detaching'],
      ['DeleteNetworkInterface', 'Deleting'],
    ] as const;

    for (const [right, phase] of rows) {
      await world.stack.ec2.control.config({ denied_actions: [right] });
      const { lastSeq } = await world.stack.ec2.control.counts();
      if (right === rows[0][0]) await world.objects.deleteNodeEni('removal');
      const began = performance.now();
      await eventually(
        `the pair wants ${right}`,
        async () => (await scene.untilRefused('PermissionDenied', phase)).includes(`ec2:${right}`),
        { timeoutMs: 45_000 },
      );
      await letPass(SECONDS);

      const calls = await scene.calls(right, lastSeq);
      assertPaced(calls, (performance.now() - began) / 1_000, right);
      assert.equal((await world.pairs.enis('removal')).length, 1);
      assert.ok(await world.objects.nodeEni('removal'), 'the NodeENI stays');
    }

    await world.stack.ec2.control.config({ denied_actions: [] });
    await scene.untilNothingIsLeft();
    assert.equal((await scene.made()).length, 1);
  });

  it('does not keep an object that never had an ENI once EC2 may be asked', async () => {
    const changes = ['Create*', 'Attach*', 'Modify*', 'Detach*', 'Delete*'];
    await world.stack.ec2.control.config({ denied_actions: changes });
    const scene = await Scene.start(world, 'never');
    await scene.untilReason('PermissionDenied');
    await world.stack.ec2.control.config({ denied_actions: ['*'] });
    await world.objects.deleteNodeEni('never');
    await scene.untilRefused('PermissionDenied', 'Deleting');

    await world.stack.ec2.control.config({ denied_actions: changes });
    await scene.untilNothingIsLeft();

    assert.deepEqual(await scene.made(), []);
  });

  it('to sign makes it say so, gives nothing up, and all goes on when the credentials are good again', async () => {
    const [leaving, coming] = [await Scene.start(world, 'out'), await Scene.prepare(world, 'in')];
    await leaving.untilAttached();
    await world.stack.ec2.control.config({ refused_access_keys: ['controller'] });

    await coming.begin();
    await world.objects.deleteNodeEni('out');
    const { message } = await coming.untilReason('CredentialsRejected');
    await leaving.untilRefused('CredentialsRejected', 'Deleting');
    const left = await world.pairs.enis('out');
    await world.stack.ec2.control.config({ refused_access_keys: [] });
    await Promise.all([coming.untilAttached(), leaving.untilNothingIsLeft()]);

    assert.match(message, /check them, and the clock of the controller/);
    assert.equal(left.length, 1);
    assert.equal((await coming.made()).length, 1);
    await coming.remove();
  });

  it('to sign, by a clock that is wrong, is asked for at the pace of the back-off, and is there when it is right', async () => {
    const scene = await Scene.prepare(world, 'clock');
    await world.stack.ec2.control.config({ clock_skew_s: 1_200 });
    await scene.begin();
    const began = performance.now();
    await letPass(3);
    const calls = await world.stack.ec2.control.log({ since: scene.since });
    const seconds = (performance.now() - began) / 1_000;
    await world.stack.ec2.control.config({ clock_skew_s: 0 });
    await scene.untilAttached();

    const refused = calls.filter(({ code }) => code === 'AuthFailure');
    assert.ok(refused.length > 0, 'EC2 refused a call');
    // A look at a pair without an ENI asks for ENIs and instance at the same time.
    assertPaced(refused, 2 * seconds, 'calls with a wrong signature');
    assert.equal((await scene.made()).length, 1);
    await scene.remove();
  });
});
