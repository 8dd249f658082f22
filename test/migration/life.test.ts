import assert from 'node:assert/strict';
import { join } from 'node:path';

import { CreateTagsCommand, DeleteNetworkInterfaceCommand } from '@aws-sdk/client-ec2';

import { REPO } from '../../dev/bootstrap/paths.js';
import { programArgs } from '../../dev/stack/built.js';
import { type Controller, startController } from '../../dev/stack/controller.js';
import { eventually } from '../../dev/stack/eventually.js';
import { type SeededNode, seedNodes } from '../../dev/stack/nodes.js';
import { ServerProcess } from '../../dev/stack/process.js';
import { given } from '../../dev/stack/seed.js';
import { GO_FINALIZER } from '../../src/domain/migration/go-controller.js';
import { NODE_ENI_FINALIZER } from '../../src/domain/names.js';
import { GoWorld } from './support/go-world.js';
import { pretendToRun } from './support/pretend-to-run.js';

interface Row {
  readonly eni: string | null;
  readonly nodeEni: string;
  readonly node: string;
  readonly verdict: string;
  readonly reason?: string;
}

/** The verdict of each row, by ENI, or by `NodeENI/node` for a pair without one. */
function verdicts(out: string): Record<string, string> {
  const { rows } = JSON.parse(out) as { rows: Row[] };
  return Object.fromEntries(
    rows.map(({ eni, nodeEni, node, verdict, reason }) => [eni ?? `${nodeEni}/${node}`, reason ?? verdict]),
  );
}

const DEADLINE = { timeoutMs: 60_000 };

/** The story of docs/migration.md, step by step: each test begins where the one before it ended. */
describe('a migration from the Go controller', function () {
  this.timeout(120_000);
  let world: GoWorld;
  let nodes: SeededNode[];
  let controller: Controller | undefined;
  let second: string;
  const enis = { net1: '', net2: '', multi1: '', multi2: '', odd: '', leak: '', orphan: '' };

  before('have a cluster as the Go controller leaves it', async () => {
    world = await GoWorld.start();
    const label = (net: string): { labels: Record<string, string> } => ({ labels: { net } });
    nodes = await seedNodes(world.stack, world.vpc, [
      { name: 'net-1', ...label('net') },
      { name: 'net-2', ...label('net') },
      { name: 'multi-1', ...label('multi') },
      { name: 'odd-1', ...label('odd') },
    ]);
    const [net1, net2, multi, odd] = nodes as [SeededNode, SeededNode, SeededNode, SeededNode];
    const { subnetId } = world;
    second = await world.secondSubnet();
    enis.net1 = await world.eni({ nodeEni: 'net', node: net1, subnetId, deviceIndex: 1 });
    enis.net2 = await world.eni({ nodeEni: 'net', node: net2, subnetId, deviceIndex: 1 });
    enis.multi1 = await world.eni({ nodeEni: 'multi', node: multi, subnetId, deviceIndex: 1 });
    enis.multi2 = await world.eni({ nodeEni: 'multi', node: multi, subnetId: second, deviceIndex: 2 });
    enis.odd = await world.eni({ nodeEni: 'odd', node: odd, subnetId, deviceIndex: 3 });
    enis.leak = await world.eni({ nodeEni: 'net', node: net1, subnetId, deviceIndex: null });
    enis.orphan = await world.eni({ nodeEni: 'odd', node: { ...odd, name: 'gone' }, subnetId, deviceIndex: null });
    const securityGroupIDs = Object.values(world.vpc.securityGroupIds);
    const spec = (net: string, more: object): object => ({ nodeSelector: { net }, securityGroupIDs, ...more });
    await world.nodeEni('net', spec('net', { subnetID: subnetId, mtu: 9001 }), [enis.net1, enis.net2]);
    await world.nodeEni('multi', spec('multi', { subnetIDs: [subnetId, second] }), [enis.multi1, enis.multi2]);
    await world.nodeEni('odd', spec('odd', { subnetID: subnetId }), [enis.odd, enis.orphan]);
    await world.nodeEni('named', spec('none', { subnetName: 'tenant-a' }), []);
  });

  after('take it down', async () => {
    await controller?.process.stop();
    await world.stack.stop();
  });

  /** What the first plan says. */
  function expected(): Record<string, string> {
    return {
      [enis.net1]: 'takeOver',
      [enis.net2]: 'takeOver',
      [enis.leak]: 'NotAttached',
      [enis.multi1]: 'takeOver',
      [enis.multi2]: 'OtherSlot',
      [enis.odd]: 'OtherSlot',
      [enis.orphan]: 'NodeUnknown',
      'odd/odd-1': 'none',
    };
  }

  /** The same once the plan was carried out. */
  function handedOver(): Record<string, string> {
    return Object.fromEntries(Object.entries(expected()).map(([id, is]) => [id, is === 'takeOver' ? 'ours' : is]));
  }

  async function versions(): Promise<string[]> {
    const objects = await Promise.all(['net', 'multi', 'odd'].map((name) => world.raw(name)));
    return objects.map(({ metadata }) => metadata.resourceVersion);
  }

  /** EC2's changes since a moment, by call. */
  async function changes(since: number): Promise<Record<string, number>> {
    const { byAction } = await world.stack.ec2.control.counts({ since });
    return Object.fromEntries(Object.entries(byAction).filter(([action]) => !action.startsWith('Describe')));
  }

  async function now(): Promise<number> {
    return (await world.stack.ec2.control.counts()).lastSeq;
  }

  it('begins with a dry run, which tells each ENI and changes nothing', async () => {
    const [since, before] = [await now(), await versions()];

    const { code, out, err } = await world.migrate();
    const { out: table } = await world.migrate({ output: 'table' });

    assert.deepEqual([code, err], [0, '']);
    assert.deepEqual(verdicts(out), expected());
    assert.match(table, /NodeENI named has to be changed: spec\.subnetName does not exist here; write "tenant-a"/);
    assert.match(table, /Plan: 3 take over, 4 not taken over, 1 no ENI\. Nothing was changed; --apply does it\.\n$/);
    assert.deepEqual(await changes(since), {});
    assert.deepEqual(await versions(), before);
  });

  it('needs rights with which nothing but its own tags can be put on the ENIs of the Go controller', async () => {
    const operator = world.operator();
    const primary = (await world.stack.ec2.control.enis({ primary: true })).find((eni) => eni.primary);
    const tag = (id: string | undefined, key: string, cluster = 'migrated'): Promise<unknown> =>
      operator.send(
        new CreateTagsCommand({
          Resources: [given(id, 'ENI')],
          Tags: [
            { Key: 'networking.k8s.aws/cluster', Value: cluster },
            { Key: key, Value: 'x' },
          ],
        }),
      );

    const refused = { name: 'UnauthorizedOperation' };
    await assert.rejects(tag(primary?.id, 'networking.k8s.aws/node'), refused);
    await assert.rejects(tag(enis.net1, 'Name'), refused);
    await assert.rejects(tag(enis.net1, 'networking.k8s.aws/node', 'other'), refused);
    await assert.rejects(operator.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: enis.leak })), refused);
    operator.destroy();
  });

  it('is refused while the Go controller has its Deployment, its Pod or its Lease', async () => {
    const since = await now();
    const undo = await pretendToRun(world.stack.kubernetes);

    const { code, err } = await world.migrate({ apply: true });
    await undo();

    assert.equal(code, 1);
    assert.match(err, /not stopped/);
    assert.match(err, /scale deployment eni-controller --replicas=0/);
    assert.match(err, /Pod eni-controller-system\/eni-controller-0 is/);
    assert.match(err, /Lease eni-controller-system\/nodeeni-controller-leader-election is held by pod-0/);
    assert.deepEqual(await changes(since), {});
  });

  it('goes on where a run was killed, and a run more does no harm', async () => {
    const { control } = world.stack.ec2;
    const fault = await control.addFault({ action: 'CreateTags', pause: 'after', skip: 1, times: 1 });
    const process = await ServerProcess.spawn({
      name: 'the migration',
      command: globalThis.process.execPath,
      args: [...programArgs('main'), 'migrate', '--apply'],
      cwd: REPO,
      env: world.operatorEnv(),
      logFile: join(world.stack.dir, 'migrate.log'),
    });
    await eventually('the second ENI is being tagged', async () => (await control.held()).length === 1, DEADLINE);
    await process.kill9();
    await control.clearFaults({ id: fault });
    const since = await now();

    const rest = await world.migrate({ apply: true });
    const again = await world.migrate({ apply: true });

    assert.deepEqual([rest.code, again.code, rest.err, again.err], [0, 0, '', '']);
    assert.deepEqual(await changes(since), { CreateTags: 1 });
    assert.deepEqual(verdicts(again.out), handedOver());
    assert.equal((await world.seen(enis.leak)).tags['networking.k8s.aws/cluster'], undefined);
    const objects = await Promise.all(['net', 'multi', 'odd'].map((name) => world.raw(name)));
    assert.deepEqual(
      objects.map(({ metadata }) => metadata.finalizers),
      [[NODE_ENI_FINALIZER], [GO_FINALIZER], [GO_FINALIZER]],
    );
  });

  it('plans the same under our CRD, which keeps what it knows of the status and drops the rest', async () => {
    const before = await world.raw('net');

    await world.installOurs();
    const pruned = await eventually('our CRD prunes', async () => {
      const read = await world.raw('net');
      return read.status?.attachments?.[0]?.['subnetCIDR'] === undefined ? read : null;
    });

    assert.equal(pruned.metadata.uid, before.metadata.uid);
    assert.deepEqual(
      pruned.status?.attachments?.map(({ eniID }) => eniID),
      [enis.net1, enis.net2],
    );
    const { out } = await world.migrate();
    assert.deepEqual(verdicts(out), handedOver());
    await world.objects.patchNodeEni('named', { metadata: { annotations: { still: 'writable' } } });
    assert.match(out, /it names no subnet; write spec.subnetIDs/);
  });

  it('ends with our controller on the same ENIs: none made, attached, detached or deleted', async () => {
    await world.objects.patchNodeEni('odd', { metadata: { annotations: { 'networking.k8s.aws/paused': 'true' } } });
    const since = await now();
    const env = { MULTI_ENI_AUDIT_INTERVAL: '1h', MULTI_ENI_BLOCKED_RETRY_MAX: '1s' };

    controller = await startController(world.stack, { env });
    await controller.whenReady();
    const net = await world.pairs.untilAttached('net', ['net-1', 'net-2'], DEADLINE.timeoutMs);
    const multi = await world.pairs.untilAttached('multi', ['multi-1'], DEADLINE.timeoutMs);

    const ids = [...net, ...multi].map(({ status }) => status?.eniID);
    assert.deepEqual(ids.toSorted(), [enis.net1, enis.net2, enis.multi1].toSorted());
    const made = Object.keys(await changes(since)).toSorted();
    assert.deepEqual(made, ['CreateTags', 'ModifyNetworkInterfaceAttribute']);
    for (const { metadata, spec, status } of [...net, ...multi]) {
      const { tags, attachment } = await world.seen(status?.eniID ?? '');
      assert.equal(tags['networking.k8s.aws/attachment-uid'], metadata.uid);
      assert.equal(tags['networking.k8s.aws/cluster'], 'migrated');
      assert.equal(tags['Name'], `${spec.nodeENI.name}/${spec.nodeName}`);
      assert.deepEqual([attachment?.instanceId, attachment?.deviceIndex], [spec.instanceID, 1]);
    }
    assert.equal((await world.seen(enis.odd)).attachment?.deviceIndex, 3);
    assert.equal((await world.seen(enis.multi2)).tags['networking.k8s.aws/cluster'], undefined);
  });

  it('gives the second ENI of a node to a NodeENI that wants its slot, while our controller runs', async () => {
    const since = await now();
    await world.objects.createNodeEni('multi-b', {
      nodeSelector: { net: 'multi' },
      subnetID: second,
      securityGroupIDs: Object.values(world.vpc.securityGroupIds),
      deviceIndex: 2,
    });
    await eventually(
      'multi-b is blocked',
      async () => {
        const [one] = await world.objects.attachments('multi-b');
        return one?.status?.reason === 'DeviceIndexInUse';
      },
      DEADLINE,
    );

    const without = await world.migrate({ apply: true });
    const { code, out } = await world.migrate({ apply: true, bySlot: true });
    const [attached] = await world.pairs.untilAttached('multi-b', ['multi-1'], DEADLINE.timeoutMs);

    assert.equal(verdicts(without.out)[enis.multi2], 'OtherSlot');
    assert.deepEqual([code, verdicts(out)[enis.multi2]], [0, 'takeOver']);
    assert.equal(attached?.status?.eniID, enis.multi2);
    const calls = await changes(since);
    for (const verb of ['Create', 'Attach', 'Detach', 'Delete'])
      assert.equal(calls[`${verb}NetworkInterface`], undefined);
    const { finalizers } = (await world.raw('multi')).metadata;
    assert.deepEqual(finalizers, [NODE_ENI_FINALIZER]);
  });

  it('leaves NodeENIs that go like any other, and their ENIs with them', async () => {
    await world.objects.deleteNodeEni('net');
    await world.pairs.untilGone('net', DEADLINE.timeoutMs);

    const left = (await world.stack.ec2.control.enis()).map(({ id }) => id);
    assert.ok(!left.includes(enis.net1) && !left.includes(enis.net2));
    assert.ok(left.includes(enis.odd) && left.includes(enis.multi1) && left.includes(enis.multi2));
  });
});
