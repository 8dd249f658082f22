import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Controller, startController } from '../../dev/stack/controller.js';
import { eventually } from '../../dev/stack/eventually.js';
import type { World } from '../../dev/world/world.js';
import { ATTACHMENTS_PATH, NODE_ENIS_PATH, NODES_PATH } from '../../src/kubernetes/paths.js';
import { Scene } from '../ec2/support/scene.js';
import { ApiFront } from './support/api-front.js';
import { withWorld } from './support/shared-world.js';

/** So many failures in a row take three seconds: 1 and 2 between them. */
const FAILURES = 3;

/** A list that fails, by its informer's name, its path, and the status. */
const FIRST_LISTS = [
  ['nodes', NODES_PATH, 500],
  ['nodeEnis', NODE_ENIS_PATH, 403],
  ['attachments', ATTACHMENTS_PATH, 503],
] as const;

describe('a first list that fails', function () {
  this.timeout(120_000);
  let world: World;
  let front: ApiFront;
  let worker: Controller;
  let watcher: Controller;
  let scene: Scene;

  withWorld(async (started) => {
    world = started;
    front = await ApiFront.start(world.stack);
    return {};
  });
  before('have a pair, and a worker without a watcher', async () => {
    scene = await Scene.start(world, 'first');
    await scene.untilAttached();
    await world.controller.process.stop();
    worker = await startController(world.stack, { role: 'worker', name: 'worker' });
    await worker.whenReady();
  });
  afterEach(async () => {
    front.judge = () => undefined;
    await watcher.process.stop();
  });
  after(async () => {
    await worker.process.stop();
    await front.stop();
  });

  for (const [informer, list, status] of FIRST_LISTS) {
    it(`of ${informer}, with ${status}, is told, tried again, and taken for no empty cluster (K8-07)`, async () => {
      const { mutating } = await world.stack.ec2.control.counts();
      const [seen, before] = [front.seen.length, await uids()];
      front.judge = ({ path, watch }) => (path === list && !watch ? status : undefined);

      const env = { KUBECONFIG: front.kubeconfig(world.stack) };
      watcher = await startController(world.stack, { role: 'watcher', name: `watcher-${status}`, env });
      await eventually('the list failed often', () => failures(status) >= FAILURES, { timeoutMs: 60_000 });
      const ready = await fetch(`${watcher.healthUrl}/readyz`);
      const [why, during] = [await ready.text(), await uids()];
      const writes = front.seen.slice(seen).filter(({ method }) => method !== 'GET');
      front.judge = () => undefined;
      await watcher.whenReady();
      const after = await Scene.start(world, `first-${status}`);
      await after.untilAttached();
      await after.remove();

      assert.equal(ready.status, 503);
      assert.ok(why.includes(`informer ${informer}: the first list is not complete`), why);
      assert.deepEqual([during, await uids()], [before, before]);
      assert.deepEqual(writes, []);
      const { mutating: mutatingNow } = await world.stack.ec2.control.counts();
      assert.ok(mutatingNow > mutating, 'the watcher works');
      assert.equal((await scene.made()).length, 1);
    });
  }

  async function uids(): Promise<string[]> {
    return (await scene.attachments()).map(({ metadata }) => metadata.uid);
  }

  /** How many failed lists the watcher's log has. */
  function failures(status: number): number {
    const lines = readFileSync(join(world.stack.dir, `watcher-${status}.log`), 'utf8').split('\n');
    return lines.filter((line) => line.includes('list or watch failed') && line.includes(`"status":${status}`)).length;
  }
});
