import assert from 'node:assert/strict';

import { eventually } from '../../dev/stack/eventually.js';
import { labelNode } from '../../dev/stack/nodes.js';
import type { World } from '../../dev/world/world.js';
import { NODE_ENIS_PATH, NODES_PATH } from '../../src/kubernetes/paths.js';
import { Scene } from '../ec2/support/scene.js';
import { ApiFront } from './support/api-front.js';
import { logFromNowOn } from './support/log.js';
import { withWorld } from './support/shared-world.js';

const GONE = '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}';

describe('what the API server answers', function () {
  this.timeout(120_000);
  let world: World;
  let front: ApiFront;

  withWorld(async (started) => {
    world = started;
    front = await ApiFront.start(world.stack);
    return { KUBECONFIG: front.kubeconfig(world.stack) };
  });
  after(async () => {
    await world.controller.process.stop();
    await front.stop();
  });
  afterEach(() => {
    front.judge = () => undefined;
  });

  it('as 410 inside of a watch leads to one list, and is no Node (K8-06)', async () => {
    const scene = await Scene.start(world, 'gone');
    await scene.untilAttached();
    const [lists, logged] = [front.lists(NODES_PATH), logFromNowOn(world)];

    const ended = front.endWatches(NODES_PATH, GONE);
    await eventually('the Nodes are listed', () => front.lists(NODES_PATH) > lists, { timeoutMs: 30_000 });
    await labelNode(world.stack, scene.node.name, { gone: null });
    await scene.until('the ENI goes by the next event', 30_000, async () => {
      return (await world.pairs.enis('gone')).length === 0;
    });

    assert.equal(ended, 1);
    assert.equal(front.lists(NODES_PATH), lists + 1);
    assert.match(logged(), /"status":410,"next":"list"/);
    assert.doesNotMatch(logged(), /could not be read|a handler failed/);
    await scene.remove();
  });

  it('as 404 to a status write, whose NodeENI somebody has forced away meanwhile, ends in a clean pair (K8-10)', async () => {
    const scene = await Scene.start(world, 'forced');
    await scene.untilAttached();
    const logged = logFromNowOn(world);
    const held = Promise.withResolvers<undefined>();
    const isStatusWrite = ({ method, path }: { method: string; path: string }): boolean =>
      method === 'PATCH' && path === `${NODE_ENIS_PATH}/forced/status`;
    let holding = 0;
    front.judge = (request) => {
      if (!isStatusWrite(request)) return undefined;
      holding += 1;
      return held.promise;
    };

    await labelNode(world.stack, scene.node.name, { forced: null });
    await eventually('a status write is under way', () => holding > 0, { timeoutMs: 30_000 });
    await world.objects.patchNodeEni('forced', { metadata: { finalizers: null } });
    await world.objects.deleteNodeEni('forced');
    held.resolve(undefined);
    await scene.untilNothingIsLeft();
    await eventually('the Attachment goes', async () => (await scene.attachments()).length === 0, {
      timeoutMs: 30_000,
    });

    assert.doesNotMatch(logged(), /undefined|status write failed|a pass failed/);
  });
});
