import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { eventually } from '../../dev/stack/eventually.js';
import { labelNode } from '../../dev/stack/nodes.js';
import { CLUSTER, type Desk, sharedDesk } from './support/desk.js';
import { guideOf } from './support/guide.js';
import { storageScene } from './support/scene.js';

const OPERATIONS = 'docs/operations.md';
const RUNBOOK = 'docs/runbook.md';
const REASONS = 'docs/reasons.md';
const SECURITY = 'docs/security.md';
const PATIENT = { timeoutMs: 60_000 };

describe('operating the controller, as the documentation says', function () {
  this.timeout(120_000);
  const guide = guideOf(import.meta.url);
  let desk: Desk;
  before(async () => {
    desk = await sharedDesk();
    await storageScene(desk);
    await eventually('storage is told of worker-3', async () => (await readyReason()) === 'ZoneMismatch', PATIENT);
  });

  async function readyReason(): Promise<string | undefined> {
    const { status } = (await desk.world.objects.nodeEni('storage')) ?? {};
    return status?.conditions.find(({ type }) => type === 'Ready')?.reason;
  }

  async function groupsOf(): Promise<string[]> {
    return (await desk.world.pairs.enis('storage')).flatMap(({ groups }) => groups);
  }

  it('begins with what is not well, and why', async () => {
    const [first, conditions] = await Promise.all([
      guide.run(desk, OPERATIONS, 'Where to begin'),
      guide.run(desk, OPERATIONS, 'A NodeENI is not Ready'),
    ]);

    assert.match(first, /^worker-3\.0\.1 +Blocked +ZoneMismatch +subnet-/m);
    assert.match(conditions, /^Ready=False ZoneMismatch: 2 of 3 attached; node worker-3: /m);
  });

  it('has the commands of the runbook and of the reasons', async () => {
    const place = { CLUSTER, NODEENI: 'storage', NODE: 'worker-3' };

    const [first, blocked, told] = await Promise.all([
      guide.run(desk, RUNBOOK, 'Runbook'),
      guide.run(desk, RUNBOOK, 'MultiEniPairsBlocked'),
      guide.run(desk, REASONS, 'Reasons', place),
    ]);

    assert.match(first, /^worker-3\.0\.1 /m);
    assert.match(blocked, /^worker-3\.0\.1 +ZoneMismatch /m);
    assert.match(told, /"?reason"?:"?ZoneMismatch/);
  });

  it('reads the life of a pair', async () => {
    const life = await guide.run(desk, OPERATIONS, "To read one ENI's life");

    assert.match(life, /attachEni +1 +completed/);
    assert.match(life, /eni:production:storage:worker-3/);
  });

  it('pauses, resumes and tries again', async () => {
    const [paused, retried] = await Promise.all([
      guide.run(desk, OPERATIONS, 'To pause, and to go on'),
      guide.run(desk, OPERATIONS, 'To try again now'),
    ]);

    assert.match(paused, /nodeeni\/storage resumed/);
    assert.match(retried, /worker-1\.0\.1: the workflow was told to look again/);
    assert.equal(paused.match(/storage annotated/g)?.length, 2);
  });

  it('knows leaked ENIs, whether Temporal is well, its audit and its retention', async () => {
    const [orphans, health] = await Promise.all([
      guide.run(desk, OPERATIONS, 'Leaked ENIs are reported'),
      guide.run(desk, OPERATIONS, 'Temporal is down'),
      guide.run(desk, OPERATIONS, 'The audit does not run'),
      guide.run(desk, OPERATIONS, 'To keep histories for longer'),
    ]);

    assert.match(orphans, /The audit of cluster production/);
    assert.match(health, /SERVING/);
  });

  it('lets cluster administrators alone write NodeENIs', async () => {
    const printed = await guide.run(desk, SECURITY, 'Who may write NodeENIs');

    assert.match(printed, /^no\nas it should be$/m);
  });

  it('saves the NodeENIs, so that they can be made anew', async () => {
    await guide.run(desk, OPERATIONS, 'To save and to restore');
    const saved = await readFile(join(desk.dir, 'node-enis.yaml'), 'utf8');
    await desk.write('another.yaml', saved.replaceAll('storage}', 'another}'));

    const made = await desk.kubectl('create', '--dry-run=server', '--output', 'json', '-f', 'another.yaml');
    const { spec } = (await desk.world.objects.nodeEni('storage')) ?? {};
    assert.deepEqual((JSON.parse(made) as { spec: unknown }).spec, spec);
  });

  it('adds a subnet, by which a Blocked pair goes on and the others keep their ENIs', async () => {
    const before = (await desk.world.pairs.enis('storage')).map(({ id }) => id);

    const subnet = await desk.world.extraSubnet('b');
    await guide.run(desk, OPERATIONS, 'The subnet is full', { 'subnet-0123456789abcdef0': subnet });
    await desk.world.pairs.untilAttached('storage', ['worker-1', 'worker-2', 'worker-3'], PATIENT.timeoutMs);
    const after = (await desk.world.pairs.enis('storage')).map(({ id }) => id);
    assert.deepEqual(
      before.filter((id) => !after.includes(id)),
      [],
    );
  });

  it('frees a security group', async () => {
    const { world } = desk;

    await guide.run(desk, OPERATIONS, 'A security group cannot be deleted', {
      'sg-0123456789abcdef0': world.group('two'),
    });
    const free = async (): Promise<boolean> => !(await groupsOf()).includes(world.group('one'));
    await eventually('no ENI has the old group', free, PATIENT);
    assert.equal((await groupsOf()).length, 3);
  });

  it('gives a node another ENI', async () => {
    const idOn = async (): Promise<string | undefined> =>
      (await desk.world.pairs.enis('storage')).find(({ tags }) => tags['networking.k8s.aws/node'] === 'worker-1')?.id;
    const before = await idOn();

    await guide.run(desk, OPERATIONS, 'To get another ENI for one node');
    await desk.world.pairs.untilAttached('storage', ['worker-1', 'worker-2', 'worker-3'], PATIENT.timeoutMs);
    assert.notEqual(await idOn(), before);
  });

  it('allows a detach that hangs to be forced', async () => {
    const { world } = desk;
    await world.stack.ec2.control.config({ detach_s: 3600 });
    await labelNode(world.stack, 'worker-2', { storage: null });
    const leaving = async (): Promise<Readonly<Record<string, unknown>> | undefined> =>
      (await world.objects.attachments('storage')).find(({ status }) => status?.phase === 'Detaching')?.spec;
    await eventually('worker-2 is being detached', leaving, PATIENT);

    await guide.run(desk, OPERATIONS, 'A pair stays in Detaching');
    const left = await guide.run(desk, OPERATIONS, 'A NodeENI does not go away');
    await eventually(
      'the pair hears of it',
      async () => (await leaving())?.['forceDetachAfterSeconds'] === 300,
      PATIENT,
    );
    assert.match(left, /^worker-2\.0\.1 .* Detaching /m);
    await world.stack.ec2.control.config({ detach_s: 0 });
    await world.stack.ec2.control.advance(3600);
    await world.pairs.untilAttached('storage', ['worker-1', 'worker-3'], PATIENT.timeoutMs);
  });

  it('leaves no command out that names this test', () => {
    assert.deepEqual(guide.forgotten(), []);
  });
});
