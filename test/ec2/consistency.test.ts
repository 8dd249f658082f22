import assert from 'node:assert/strict';
import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import { eventually } from '../../dev/stack/eventually.js';
import type { World } from '../../dev/world/world.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

/** How far EC2's answers lag behind, in seconds. */
const LAG = { visible_s: 4, stale_s: 3 };

const NODES = 3;

describe('EC2 whose answers lag behind', function () {
  this.timeout(120_000);
  let world: World;
  let scene: Scene;

  withWorld(async (started) => {
    world = started;
    await world.stack.ec2.control.config(LAG);
    scene = await Scene.prepare(world, 'lag', { nodes: NODES });
  });

  after(async () => {
    await world.stack.ec2.control.config({ visible_s: 0, stale_s: 0 });
  });

  it('gets one create for each pair though it does not know the ENI for seconds', async () => {
    await scene.begin();
    await scene.untilAttached();

    const attaches = await scene.calls('AttachNetworkInterface');
    assert.equal((await scene.calls('CreateNetworkInterface')).length, NODES);
    assert.equal((await scene.made()).length, NODES);
    assert.ok(attaches.length <= NODES * (LAG.visible_s + 2), `${attaches.length} attaches`);
    assert.ok(attaches.every(({ code }) => code === null || code === 'InvalidNetworkInterfaceID.NotFound'));
  });

  it('gets a change of attributes once, and is believed when it shows it', async () => {
    const { lastSeq } = await world.stack.ec2.control.counts();
    const two = world.group('two');

    await world.objects.patchNodeEni('lag', { spec: { securityGroupIDs: [two], sourceDestCheck: false } });
    await eventually(
      'all ENIs have the new attributes and all pairs have seen the new spec',
      async () => {
        const enis = await world.pairs.enis('lag');
        const done = enis.every(({ groups, sourceDestCheck }) => groups.join() === two && !sourceDestCheck);
        const generations = await scene.attachments();
        return done && generations.every(({ status }) => status?.['observedGeneration'] === 2);
      },
      { timeoutMs: 45_000 },
    );
    await scene.untilAttached();

    assert.equal((await scene.calls('ModifyNetworkInterfaceAttribute', lastSeq)).length, 2 * NODES);
    assert.equal((await scene.calls('DetachNetworkInterface', lastSeq)).length, 0);
  });

  it('lets the NodeENI go only when it shows none of the ENIs any more', async () => {
    const { lastSeq } = await world.stack.ec2.control.counts();
    const ids = [...(await scene.made())];

    await scene.remove();
    const { NetworkInterfaces: shown = [] } = await world.stack.ec2.client.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'network-interface-id', Values: ids }] }),
    );

    assert.deepEqual(shown, []);
    assert.equal((await scene.calls('DetachNetworkInterface', lastSeq)).length, NODES);
    assert.equal((await scene.calls('DeleteNetworkInterface', lastSeq)).length, NODES);
    assert.equal((await scene.made()).length, NODES);
  });

  it('and that gives small and empty pages is read to the end', async () => {
    await world.stack.ec2.control.config({
      visible_s: 0,
      stale_s: 0,
      page_max: 5,
      empty_pages: true,
      require_paging: true,
    });
    try {
      const paged = await Scene.start(world, 'pages', { nodes: 12 });
      await paged.untilAttached();

      assert.equal((await paged.made()).length, 12);
      await paged.remove();
    } finally {
      await world.stack.ec2.control.config({ page_max: null, empty_pages: false, require_paging: false });
    }
  });
});
