import assert from 'node:assert/strict';

import { DeleteNetworkInterfaceCommand } from '@aws-sdk/client-ec2';

import { type Desk, sharedDesk } from './support/desk.js';
import { guideOf } from './support/guide.js';
import { backupScene, orphanScene, storageScene, storageSpec } from './support/scene.js';

const PAGE = 'docs/kubectl-multi-eni.md';

const READS = ['status', 'why', 'plan', 'history', 'orphans', 'completion'] as const;

/** What they print, by their headings. */
type Reads = Readonly<Record<(typeof READS)[number], Promise<string>>>;

/** Runs what changes nothing side by side: starting a program takes longer than what it does. */
function startReads(run: (heading: string) => Promise<string>): Reads {
  const started = READS.map((heading) => [heading, run(heading)] as const);
  for (const [, printed] of started) printed.catch(() => undefined); // the test that awaits it tells
  return Object.fromEntries(started) as Reads;
}

/** NodeENI `storage` with another security group, and a new NodeENI `logs`. */
function plannedFile(desk: Desk): string {
  const nodeEni = { apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'NodeENI' };
  const changed = { ...storageSpec(desk), securityGroupIDs: [desk.world.group('two')] };
  return [
    { ...nodeEni, metadata: { name: 'storage' }, spec: changed },
    { ...nodeEni, metadata: { name: 'logs' }, spec: { ...storageSpec(desk), deviceIndex: 2 } },
  ]
    .map((one) => JSON.stringify(one))
    .join('\n---\n');
}

describe('kubectl multi-eni, as its page says', function () {
  this.timeout(120_000);
  const guide = guideOf(import.meta.url);
  let desk: Desk;
  let orphan: string;
  let reads: Reads;
  before(async () => {
    desk = await sharedDesk();
    await storageScene(desk);
    await backupScene(desk);
    orphan = await orphanScene(desk);
    await desk.write('node-enis.yaml', plannedFile(desk));
    reads = startReads(async (heading) => guide.run(desk, PAGE, heading));
  });
  after('take away what only this page speaks of', async () => {
    await desk.world.objects.deleteNodeEni('backup');
    await desk.world.stack.ec2.client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: orphan }));
  });

  it('shows the state of each pair', async () => {
    const printed = await reads.status;

    assert.match(printed, /^fargate-1 +- +NotEC2$/m);
    assert.match(printed, /^worker-1 +SlotConflict +Attached eni-/m);
  });

  it('explains a node and a NodeENI', async () => {
    const printed = await reads.why;

    assert.match(printed, /slot +stops +NodeENI storage holds device index 1 on network card 0/);
    assert.match(printed, /eni +stops +ZoneMismatch: /);
  });

  it('tells what a file would do', async () => {
    const printed = await reads.plan;

    assert.match(printed, /^Plan: 3 to create, 3 to change in place, 2 skipped, 2 of them blocked\. Nothing/m);
  });

  it('lists what a workflow did', async () => {
    const printed = await reads.history;

    assert.match(printed, /createEni +1 +completed[^\n]*\n[^\n]*attachEni +1 +completed/);
  });

  it('lists leaked ENIs', async () => {
    const printed = await reads.orphans;

    assert.match(printed, new RegExp(`^${orphan} `, 'm'));
  });

  it('has a pair look again, pauses and resumes', async () => {
    const retried = await guide.run(desk, PAGE, 'retry');
    const paused = await guide.run(desk, PAGE, 'pause and resume');

    assert.match(retried, /^worker-3\.0\.1: the workflow was told to look again/m);
    assert.match(paused, /^node\/web-1 paused: [^]*^nodeeni\/storage resumed$/m);
  });

  it('prints what a shell has to source', async () => {
    const printed = await reads.completion;

    assert.match(printed, /complete -o default -F _kubectl_multi_eni kubectl-multi_eni/);
  });

  it('leaves no command out that names this test', () => {
    assert.deepEqual(guide.forgotten(), []);
  });
});
