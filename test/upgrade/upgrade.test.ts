import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { TEMPORAL } from '../../dev/bootstrap/paths.js';
import { eventually } from '../../dev/stack/eventually.js';
import { labelNode, seedNodes } from '../../dev/stack/nodes.js';
import { World } from '../../dev/world/world.js';
import { auditId } from '../../src/domain/names.js';
import { deploymentVersion, makeCurrentCommand } from '../../src/worker/deployment.js';
import { type Release, type ReleaseOptions, startRelease } from './support/release.js';
import { scratchCopy } from './support/scratch.js';
import { workflowTasks } from './support/workflow-tasks.js';

/** With a dot: Temporal does not take it in the name of a deployment. */
const CLUSTER = 'upgrade.test';

/** What another release of the workflow may do: one local activity more, behind `patched`. */
const ONE_LOOK_MORE = [
  { file: 'workflows/pair-loop.ts', from: /import \{ condition,/, to: 'import { condition, patched,' },
  {
    file: 'workflows/pair-loop.ts',
    from: /(?=const observation = await local\.observePair)/,
    to: "if (patched('one-look-more')) await local.observePair(this.target, { eniId: null });\n      ",
  },
];

/** What no release may do: the same without `patched`. */
const BREAKING = [
  {
    file: 'workflows/pair-loop.ts',
    from: /(?=const observation = await local\.observePair)/,
    to: 'await local.observePair(this.target, { eniId: null });\n      ',
  },
];

describe('an upgrade of the worker', function () {
  this.timeout(300_000);
  let world: World;
  let running: Release[] = [];

  before(async () => {
    const env = { MULTI_ENI_AUDIT_INTERVAL: '24h' };
    world = await World.start({ clusterName: CLUSTER, controller: { role: 'watcher' }, env });
  });
  afterEach(async () => {
    await Promise.all(running.map((release) => release.process.stop()));
    running = [];
  });
  after(() => world.stop());

  async function start(options: ReleaseOptions): Promise<Release> {
    const release = await startRelease(world, options);
    running.push(release);
    return release;
  }

  /** One node at first has the label, so that the other's pair begins when a test lets it. */
  async function nodeEni(name: string): Promise<void> {
    await seedNodes(world.stack, world.vpc, [{ name: `${name}-1`, labels: { [name]: 'yes' } }, { name: `${name}-2` }]);
    await world.objects.createNodeEni(name, {
      nodeSelector: { [name]: 'yes' },
      subnetID: world.subnet('a'),
      securityGroupIDs: [world.group('one')],
    });
  }

  async function untilDescribed(name: string, description: string, count: number): Promise<void> {
    await world.objects.patchNodeEni(name, { spec: { description } });
    await eventually(
      `the ENIs of ${name} are described as "${description}"`,
      async () => {
        const enis = await world.pairs.enis(name);
        assert.deepEqual(
          enis.map((eni) => eni.description),
          Array(count).fill(description),
        );
        return true;
      },
      { timeoutMs: 30_000 },
    );
  }

  /** Runs the very command that `/readyz` names, until there are pollers and Temporal takes it. */
  async function makeCurrent(buildId: string | null): Promise<void> {
    const { address, namespace } = world.stack.temporal;
    const [, ...args] = makeCurrentCommand(deploymentVersion(CLUSTER, buildId), namespace).split(' ');
    await eventually(
      `version ${String(buildId)} is current`,
      async () => {
        await promisify(execFile)(TEMPORAL, [...args, '--address', address, '--yes']);
        return true;
      },
      { timeoutMs: 120_000, intervalMs: 200 },
    );
  }

  it('without versions lets pairs of release A go on under release B, at rest or half made, whose workflow does more', async () => {
    const [name, nodes] = ['plain', ['plain-1', 'plain-2']];
    const scratch = scratchCopy('release-b', ONE_LOOK_MORE);
    const a = await start({ version: '1.0.0' });
    await nodeEni(name);
    await world.pairs.untilAttached(name, ['plain-1'], 60_000);
    await world.stack.ec2.control.config({ attach_s: 3 });
    await labelNode(world.stack, 'plain-2', { [name]: 'yes' });
    await eventually('the ENI of the other node is attaching', async () =>
      (await world.objects.attachments(name)).some(({ status }) => status?.phase === 'Attaching'),
    );

    await a.process.stop();
    const b = await start({ version: '1.1.0', src: scratch.dir });
    await b.untilReady();
    await world.pairs.untilAttached(name, nodes, 60_000);
    await untilDescribed(name, 'under B', 2);
    await world.stack.ec2.control.config({ attach_s: 0 });
    const ready = await b.readiness();
    await world.objects.deleteNodeEni(name);
    await world.pairs.untilGone(name);
    scratch.remove();

    assert.deepEqual(ready, { ok: true, text: 'ok\n' });
    assert.deepEqual(await world.pairs.enis(name), []);
    for (const node of nodes) {
      assert.deepEqual(await workflowTasks(world, name, node), {
        releases: ['1.0.0', '1.1.0'],
        versions: [null],
        failed: 0,
        patches: ['one-look-more'],
      });
      assert.equal((await world.pairs.everMade(name, node)).length, 1);
    }
  });

  it('with Worker Versioning lets pairs of version A go on under version B as soon as B is made current', async () => {
    const [name, nodes] = ['versions', ['versions-1', 'versions-2']];
    const [a, b] = await Promise.all([
      start({ version: '2.0.0', versioning: 'on' }),
      start({ version: '2.1.0', versioning: 'on' }),
    ]);
    await makeCurrent('2.0.0');
    await nodeEni(name);
    await world.pairs.untilAttached(name, ['versions-1'], 60_000);
    await a.untilReady();
    const waiting = await eventually('B says what it waits for', async () => {
      const said = await b.readiness();
      return said?.text.startsWith('version of the worker: version 2.0.0 is current') === true ? said : null;
    });

    await makeCurrent('2.1.0');
    await b.untilReady();
    await a.process.stop();
    await labelNode(world.stack, 'versions-2', { [name]: 'yes' });
    await world.pairs.untilAttached(name, nodes);
    await untilDescribed(name, 'under B', 2);
    await world.pairs.temporal((client) => client.schedule.getHandle(auditId(CLUSTER)).trigger());
    const [audit] = await eventually('an audit has ended', async () => {
      const reports = await world.pairs.audits();
      return reports.length > 0 ? reports : null;
    });
    await world.objects.deleteNodeEni(name);
    await world.pairs.untilGone(name);

    assert.equal(audit?.attachments, 2);
    assert.equal(waiting.ok, false);
    assert.ok(waiting.text.includes('--deployment-name multi-eni-upgrade~test --build-id 2.1.0'), waiting.text);
    assert.deepEqual(await world.pairs.enis(name), []);
    const both = ['2.0.0', '2.1.0'];
    assert.deepEqual(await workflowTasks(world, name, 'versions-1'), {
      releases: both,
      versions: both,
      failed: 0,
      patches: [],
    });
    const late = await workflowTasks(world, name, 'versions-2');
    assert.deepEqual([late.versions, late.failed], [['2.1.0'], 0]);
    await makeCurrent(null); // for the other tests, which have no versions
  });

  it('that cannot replay what the last release did begins such a pair anew, with its ENI', async () => {
    const scratch = scratchCopy('release-breaking', BREAKING);
    const a = await start({ version: '3.0.0' });
    await nodeEni('breaking');
    const [before] = await world.pairs.untilAttached('breaking', ['breaking-1'], 60_000);
    await a.process.stop();

    const b = await start({ version: '4.0.0', src: scratch.dir });
    await b.untilReady();
    await untilDescribed('breaking', 'anew', 1);
    const [after] = await world.pairs.untilAttached('breaking', ['breaking-1'], 60_000);
    await world.pairs.untilWorkflows('breaking', 'Running', 1);
    scratch.remove();

    assert.equal(after?.status?.eniID, before?.status?.eniID);
    assert.deepEqual(await world.pairs.everMade('breaking', 'breaking-1'), [before?.status?.eniID]);
  });
});
