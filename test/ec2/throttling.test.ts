import assert from 'node:assert/strict';
import type { World } from '../../dev/world/world.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

/** More than any of the buckets holds. */
const PAIRS = 60;

/**
 * Half the documented sizes, with the documented refill, so that fewer pairs do (Amazon EC2 Developer Guide, "Request
 * token bucket sizes and refill rates"). Attach and detach are among the other writes.
 */
const BUCKETS = {
  CreateNetworkInterface: [50, 5],
  DeleteNetworkInterface: [50, 5],
  ModifyNetworkInterfaceAttribute: [50, 5],
  '*write': [25, 5],
  '*read': [50, 20],
} as const;

/** Calls that are refused for a while: too many, or EC2's own trouble; and the reason to give for it. */
const TROUBLES = [
  { name: 'throttle', action: 'CreateNetworkInterface', code: 'RequestLimitExceeded', status: 503, says: 'Throttled' },
  { name: 'internal', action: 'CreateNetworkInterface', code: 'InternalError', status: 500, says: 'Ec2Unavailable' },
] as const;

const SECONDS = 15;

describe('EC2 that throttles', function () {
  this.timeout(240_000);
  let world: World;

  withWorld((started) => void (world = started));

  afterEach(async () => {
    await world.stack.ec2.control.config({ throttle: false });
  });

  it('by its buckets for each action gives every pair one ENI, and takes them back, with few calls in vain', async () => {
    const scene = await Scene.prepare(world, 'storm', { nodes: PAIRS });
    await world.stack.ec2.control.config({ throttle: true, buckets: BUCKETS });
    await scene.begin();
    await scene.untilAttached(120_000);
    const { byAction: up, lastSeq } = await world.stack.ec2.control.counts({ since: scene.since });
    await scene.remove(120_000);
    const { byAction: down } = await world.stack.ec2.control.counts({ since: lastSeq });

    assert.equal((await scene.made()).length, PAIRS);
    for (const action of ['CreateNetworkInterface', 'AttachNetworkInterface', 'ModifyNetworkInterfaceAttribute'])
      assert.ok((up[action] ?? 0) <= 3 * PAIRS, `${action}: ${up[action] ?? 0} calls`);
    for (const action of ['DetachNetworkInterface', 'DeleteNetworkInterface'])
      assert.ok((down[action] ?? 0) <= 3 * PAIRS, `${action}: ${down[action] ?? 0} calls`);
    assert.ok((up['DescribeNetworkInterfaces'] ?? 0) <= PAIRS, `${up['DescribeNetworkInterfaces'] ?? 0} looks`);
  });

  it('or fails for a while is asked ever less often, and one ENI is made when it answers again', async () => {
    const scenes = await troubled('quiet');
    const calls = await Promise.all(
      scenes.map(async ({ scene }) => {
        await scene.untilPhase('Creating');
        return scene.until('five creates were refused', 60_000, async () => {
          const found = await scene.calls('CreateNetworkInterface');
          return found.length >= 5 ? found : null;
        });
      }),
    );
    await Promise.all(scenes.map(async ({ id }) => world.stack.ec2.control.clearFaults({ id })));
    await Promise.all(scenes.map(({ scene }) => scene.untilAttached(60_000)));

    for (const [index, { scene }] of scenes.entries()) {
      const times = (calls[index] ?? []).map(({ t }) => t);
      const waited = (times[4] ?? 0) - (times[0] ?? 0);
      assert.ok(waited >= 3, `five creates in ${waited} s`);
      assert.equal((await scene.made()).length, 1);
      await scene.remove();
    }
  });

  it('or fails for a while is named in the status as what the pair waits for', async () => {
    const scenes = await troubled('named');

    const complaints = await Promise.allSettled(
      scenes.map(({ scene, says }) => scene.untilReason(says, SECONDS * 1_000)),
    );
    await Promise.all(scenes.map(async ({ id }) => world.stack.ec2.control.clearFaults({ id })));
    await Promise.all(scenes.map(({ scene }) => scene.untilAttached(60_000)));
    await Promise.all(scenes.map(({ scene }) => scene.remove()));

    const unsaid = complaints.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    assert.deepEqual(unsaid, []);
  });

  it('or cannot even be asked what there is, is named too', async () => {
    const fault = { action: 'DescribeNetworkInterfaces', code: 'InternalError', status: 500, times: null };
    const id = await world.stack.ec2.control.addFault(fault);
    const scene = await Scene.start(world, 'unanswered');

    const [complaint] = await Promise.allSettled([scene.untilReason('Ec2Unavailable', SECONDS * 1_000)]);
    const looks = await scene.calls('DescribeNetworkInterfaces');
    await world.stack.ec2.control.clearFaults({ id });
    await scene.untilAttached(60_000);
    await scene.remove();

    assert.ok(looks.length <= 2 * SECONDS, `${looks.length} looks`);
    assert.equal(complaint.status, 'fulfilled', complaint.status === 'rejected' ? String(complaint.reason) : '');
  });

  async function troubled(prefix: string): Promise<{ scene: Scene; id: number; says: string }[]> {
    return Promise.all(
      TROUBLES.map(async ({ name, says, ...fault }) => {
        const scene = await Scene.prepare(world, `${prefix}-${name}`);
        const params = { 'TagSpecification.1.Tag.1.Value': `*/${scene.node.name}` };
        const id = await world.stack.ec2.control.addFault({ ...fault, params, times: null });
        await scene.begin();
        return { scene, id, says };
      }),
    );
  }
});
