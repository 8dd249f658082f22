import assert from 'node:assert/strict';

import { type Controller, startController } from '../../dev/stack/controller.js';
import { eventually } from '../../dev/stack/eventually.js';
import { pairsOf } from '../../dev/world/pairs-of.js';
import { World } from '../../dev/world/world.js';

const PAIRS = 20;

/** Slow enough that a kill always hits pairs in the middle of something. */
const SLOW = { latency_ms: 150, attach_s: 1, detach_s: 1 };

type Role = 'all' | 'watcher' | 'worker';

interface Replica {
  readonly role: Role;
  readonly controller: Controller;
}

/** Who runs, and who of them is killed while ENIs are made: the leading watcher, or any other. */
const SCENARIOS: readonly {
  readonly title: string;
  readonly roles: readonly Role[];
  readonly byLease: boolean;
  readonly killed: readonly ('leader' | 'worker' | 'anyone')[];
}[] = [
  { title: 'two that elect one, and it is killed', roles: ['all', 'all'], byLease: true, killed: ['leader'] },
  { title: 'three that all lead, and one is killed', roles: ['all', 'all', 'all'], byLease: false, killed: ['anyone'] },
  {
    title: 'two watchers and three workers, and the leader and a worker are killed',
    roles: ['watcher', 'watcher', 'worker', 'worker', 'worker'],
    byLease: true,
    killed: ['leader', 'worker'],
  },
];

describe('replicas', function () {
  this.timeout(180_000);
  let world: World;
  let running: Replica[] = [];

  before(async () => {
    world = await World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '1h' } });
    await world.killController(); // each scenario has its own
    await world.stack.ec2.control.config(SLOW);
  });
  afterEach(async () => {
    await Promise.all(running.map(({ controller }) => controller.process.kill9()));
    running = [];
  });
  after(() => world.stack.stop());

  for (const [number, { title, roles, byLease, killed }] of SCENARIOS.entries()) {
    it(`of ${title}, make one ENI for each of ${PAIRS} nodes, and remove them all`, async () => {
      const name = `replicas-${number}`;
      running = await start(name, roles, byLease);
      // The Lease of a leader that was killed before lasts 15 s from when the new ones see it first.
      const leaders = await eventually('somebody leads', leading, { timeoutMs: 40_000 });
      assert.equal(leaders.length, byLease ? 1 : roles.length);

      const nodes = await pairsOf(world, name, PAIRS);
      await eventually('some ENIs are made, and not all attached', async () => {
        const enis = await world.pairs.enis(name);
        return enis.length >= 3 && enis.filter(({ attachment }) => attachment?.status === 'attached').length < PAIRS;
      });
      for (const which of killed) await kill(which);
      await world.pairs.untilAttached(name, nodes, 90_000);
      await world.pairs.untilWorkflows(name, 'Running', PAIRS);
      for (const node of nodes) assert.equal((await world.pairs.everMade(name, node)).length, 1, node);

      await world.objects.deleteNodeEni(name);
      await world.pairs.untilGone(name, 60_000);

      assert.deepEqual(await world.pairs.enis(name), []);
      await world.pairs.untilWorkflows(name, 'Running', 0);
    });
  }

  async function start(scenario: string, roles: readonly Role[], byLease: boolean): Promise<Replica[]> {
    return Promise.all(
      roles.map(async (role, index) => {
        const env = byLease ? { MULTI_ENI_LEASE_NAMESPACE: 'default' } : {};
        const controller = await startController(world.stack, { role, env, name: `${scenario}-${role}-${index}` });
        await controller.whenReady();
        return { role, controller };
      }),
    );
  }

  /** Those that say in their metrics that they lead; null: none. */
  async function leading(): Promise<Replica[] | null> {
    const answers = await Promise.all(
      running.map(async (replica) => {
        const text = await (await fetch(replica.controller.metricsUrl)).text();
        return /^multi_eni_watcher_leads 1$/m.test(text) ? [replica] : [];
      }),
    );
    return answers.flat().length > 0 ? answers.flat() : null;
  }

  async function kill(which: 'leader' | 'worker' | 'anyone'): Promise<void> {
    const victim =
      which === 'leader' ? (await leading())?.[0] : running.find(({ role }) => which === 'anyone' || role === which);
    assert.ok(victim !== undefined, `there is a ${which} to kill`);
    running = running.filter((one) => one !== victim);
    await victim.controller.process.kill9();
  }
});
