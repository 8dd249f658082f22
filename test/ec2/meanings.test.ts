import assert from 'node:assert/strict';
import type { Ec2Fault } from '../../dev/stack/ec2-types.js';
import type { SeededNode } from '../../dev/stack/nodes.js';
import type { World } from '../../dev/world/world.js';
import { assertPaced, letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

type Call = 'CreateNetworkInterface' | 'AttachNetworkInterface';

/** A refusal of EC2, by its code and its text, and the reason that a pair has to give for it. */
type Row = readonly [name: string, action: Call, code: string, text: string, reason: string];

const CREATE = 'CreateNetworkInterface';
const ATTACH = 'AttachNetworkInterface';
const VALUE = 'InvalidParameterValue';

/** How long the refusals last. */
const SECONDS = 6;

// The full subnet and the quota close the way for other pairs too: they have tests of their own.
const ROWS: readonly Row[] = [
  ['value', CREATE, VALUE, 'Value (x) for parameter groupId is invalid.', 'RequestRejected'],
  [
    'networks',
    CREATE,
    VALUE,
    'You have specified two resources that belong to different networks.',
    'SecurityGroupVpcMismatch',
  ],
  ['subnet', CREATE, 'InvalidSubnetID.NotFound', "The subnet ID 'subnet-1' does not exist", 'SubnetNotFound'],
  ['group', CREATE, 'InvalidGroup.NotFound', "The security group 'sg-1' does not exist", 'SecurityGroupNotFound'],
  ['index', ATTACH, VALUE, "Instance 'i-1' already has an interface attached at device index '1'.", 'DeviceIndexInUse'],
  ['card', ATTACH, VALUE, 'Network card index 1 is not valid for instance type m5.4xlarge.', 'NetworkCardNotFound'],
  [
    'zone',
    ATTACH,
    'InvalidParameterCombination',
    'You may not attach a network interface to an instance if they are not in the same availability zone',
    'ZoneMismatch',
  ],
  [
    'type',
    ATTACH,
    'AttachmentLimitExceeded',
    'Interface count 9 exceeds the limit for m5.4xlarge',
    'AttachmentLimitReached',
  ],
  ['state', ATTACH, 'IncorrectState', "Instance 'i-1' is not 'running' or 'stopped'.", 'InstancePending'],
  ['use', ATTACH, VALUE, "Network interface 'eni-1' is currently in use.", 'NotVisibleYet'],
  ['never', ATTACH, 'OperationNotPermitted', 'The operation is not permitted.', 'NotPermitted'],
];

/** Answers that are missing, and not a refusal: the pair gets over them without a word. */
const LOST: readonly (readonly [name: string, fault: Ec2Fault, most: number])[] = [
  ['create-lost', { action: CREATE, reset: 'after' }, 2],
  ['attach-lost', { action: ATTACH, reset: 'after' }, 2],
  ['attach-hangs', { action: ATTACH, hang: 'after' }, 2],
  ['create-fails', { action: CREATE, code: 'InternalError', status: 500, times: 3 }, 4],
  ['modify-fails', { action: 'ModifyNetworkInterfaceAttribute', code: 'InternalError', status: 500, times: 2 }, 3],
];

describe('what EC2 refuses or does not answer', function () {
  this.timeout(120_000);
  let world: World;
  const faults: number[] = [];

  withWorld((started) => void (world = started));

  afterEach(clear);

  it('is told apart in the status, asked for at the pace of the back-off, and forgotten when it is over', async () => {
    const scenes = await Promise.all(
      ROWS.map(async ([name, action, code, message]) => {
        const scene = await Scene.prepare(world, `no-${name}`);
        const fault = { action, code, message, times: null, params: of(action, scene.node) };
        faults.push(await world.stack.ec2.control.addFault(fault));
        return scene;
      }),
    );
    const began = performance.now();
    await Promise.all(scenes.map((scene) => scene.begin()));

    const complaints = await Promise.all(
      scenes.map((scene, index) => scene.untilReason(ROWS[index]?.[4] ?? 'a row for each')),
    );
    await letPass(SECONDS);
    const calls = await Promise.all(scenes.map((scene, index) => scene.calls(ROWS[index]?.[1] ?? CREATE)));
    const seconds = (performance.now() - began) / 1_000;
    await clear();
    await Promise.all(scenes.map((scene) => scene.untilAttached()));

    for (const [index, [name, , code, text]] of ROWS.entries()) {
      const complaint = complaints[index];
      assert.ok(complaint);
      assert.equal(complaint.phase, 'Blocked', name);
      assert.ok(complaint.message.includes(text) && complaint.message.includes(code), complaint.message);
      assert.match(complaint.ready, /0 of 1 attached; node no-.+What to do: .+/);
      // A busy EC2 is asked a few times more at once, since it says nothing of why.
      const perLook = name === 'state' || name === 'use' ? 4 : 1;
      assertPaced(calls[index] ?? [], perLook * seconds, name);
      assert.equal((await scenes[index]?.made())?.length, 1, `ENIs ever made for ${name}`);
    }
    await Promise.all(scenes.map((scene) => scene.remove()));
  });

  it('or loses the answer of makes one ENI, with no more calls than answers were lost', async () => {
    const scenes = await Promise.all(
      LOST.map(async ([name], index) => Scene.prepare(world, name, { spec: { deleteOnTermination: index === 4 } })),
    );
    for (const [index, [, fault]] of LOST.entries()) {
      const node = scenes[index]?.node;
      assert.ok(node);
      faults.push(await world.stack.ec2.control.addFault({ ...fault, params: of(fault.action ?? '', node) }));
    }

    await Promise.all(scenes.map((scene) => scene.begin()));
    await Promise.all(scenes.map((scene) => scene.untilAttached()));

    for (const [index, [name, fault, most]] of LOST.entries()) {
      const calls = (await scenes[index]?.calls(fault.action ?? '')) ?? [];
      assert.ok(calls.length <= most, `${name}: ${calls.length} calls`);
      assert.equal(new Set(calls.map(({ params }) => params['ClientToken'])).size, 1, name);
      assert.equal((await scenes[index]?.made())?.length, 1, `ENIs ever made for ${name}`);
    }
    await Promise.all(scenes.map((scene) => scene.remove()));
  });

  /** Ends these faults alone: tests elsewhere may have theirs. */
  async function clear(): Promise<void> {
    for (const id of faults.splice(0)) await world.stack.ec2.control.clearFaults({ id });
  }
});

/** Picks out the calls for one node: a create by its first tag, the name; an attach by its instance. */
function of(action: string, node: SeededNode): Readonly<Record<string, string>> {
  if (action === CREATE) return { 'TagSpecification.1.Tag.1.Value': `*/${node.name}` };
  return action === ATTACH ? { InstanceId: node.instanceId } : {};
}
