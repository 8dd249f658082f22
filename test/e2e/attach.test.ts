import assert from 'node:assert/strict';
import { seedNodes, type SeededNode } from '../../dev/stack/nodes.js';
import { sharedWorld } from './support/shared-world.js';
import type { World } from '../../dev/world/world.js';

describe('attaching', function () {
  this.timeout(90_000);
  let world: World;

  before(async () => {
    world = await sharedWorld();
  });

  it('gives three matching nodes of five an ENI each, as EC2 itself describes them', async () => {
    const nodes = await nodesNamed('first', ['1', '2', '3', '4', '5'], (n) => (Number(n) <= 3 ? { first: 'yes' } : {}));
    await world.objects.createNodeEni('first', {
      nodeSelector: { first: 'yes' },
      subnetID: world.subnet('a'),
      securityGroupIDs: [world.group('one')],
      deviceIndex: 2,
      deleteOnTermination: true,
      description: 'the first',
      tags: { team: 'packets' },
    });

    const attachments = await world.pairs.untilAttached('first', ['first-1', 'first-2', 'first-3']);
    const enis = await world.pairs.enis('first');

    assert.equal(enis.length, 3);
    for (const node of nodes.slice(0, 3)) {
      const eni = enis.find(({ attachment }) => attachment?.instanceId === node.instanceId);
      const object = attachments.find(({ spec }) => spec.nodeName === node.name);
      assert.ok(eni?.attachment && object, `an ENI at ${node.instanceId}`);
      assert.deepEqual(
        { subnet: eni.subnetId, groups: eni.groups, description: eni.description, source: eni.sourceDestCheck },
        { subnet: world.subnet('a'), groups: [world.group('one')], description: 'the first', source: true },
      );
      assert.deepEqual(
        { index: eni.attachment.deviceIndex, card: eni.attachment.networkCardIndex, status: eni.attachment.status },
        { index: 2, card: 0, status: 'attached' },
      );
      assert.equal(eni.attachment.deleteOnTermination, true);
      assert.deepEqual(eni.tags, {
        Name: `first/${node.name}`,
        team: 'packets',
        'networking.k8s.aws/cluster': 'e2e',
        'networking.k8s.aws/nodeeni': 'first',
        'networking.k8s.aws/nodeeni-uid': eni.tags['networking.k8s.aws/nodeeni-uid'],
        'networking.k8s.aws/attachment-uid': object.metadata.uid,
        'networking.k8s.aws/node': node.name,
        'node.k8s.amazonaws.com/no_manage': 'true',
      });
    }
    for (const node of nodes.slice(3)) {
      assert.ok(
        !enis.some(({ attachment }) => attachment?.instanceId === node.instanceId),
        `${node.name} is untouched`,
      );
    }
  });

  it('says so in the status and in what kubectl prints', async () => {
    const enis = await world.pairs.enis('first');
    const status = (await world.objects.nodeEni('first'))?.status;
    const neni = (await world.objects.table('nodeenis')).find(({ Name }) => Name === 'first');
    const enia = (await world.objects.table('nodeeniattachments')).filter(({ NodeENI }) => NodeENI === 'first');

    assert.ok(status);
    assert.equal(status.conditions.find(({ type }) => type === 'Ready')?.status, 'True');
    for (const row of status.attachments) {
      const eni = enis.find(({ id }) => id === row['eniID']);
      assert.ok(eni?.attachment, `row of ${String(row['nodeID'])} names an ENI that EC2 has`);
      const { lastUpdated, ...rest } = row;
      assert.ok(Date.parse(String(lastUpdated)) <= Date.now());
      assert.deepEqual(rest, {
        nodeID: eni.tags['networking.k8s.aws/node'],
        instanceID: eni.attachment.instanceId,
        eniID: eni.id,
        attachmentID: eni.attachment.id,
        subnetID: eni.subnetId,
        deviceIndex: 2,
        status: 'Attached',
        macAddress: eni.mac,
        privateIP: eni.privateIp,
        zone: 'us-east-1a',
        workflowID: `eni:e2e:first:${String(row['nodeID'])}`,
      });
    }
    assert.equal(`${String(neni?.['Desired'])} ${String(neni?.['Attached'])} ${String(neni?.['Ready'])}`, '3 3 True');
    assert.deepEqual(
      enia.map(({ Phase }) => Phase),
      ['Attached', 'Attached', 'Attached'],
    );
    assert.deepEqual(enia.map(({ ENI }) => ENI).toSorted(), enis.map(({ id }) => id).toSorted());
  });

  it('runs exactly one workflow a pair, whose history shows the activities', async () => {
    const running = await world.pairs.untilWorkflows('first', 'Running', 3);

    assert.deepEqual(running.map(({ workflowId }) => workflowId).toSorted(), [
      'eni:e2e:first:first-1',
      'eni:e2e:first:first-2',
      'eni:e2e:first:first-3',
    ]);
    for (const { workflowId } of running) {
      assert.deepEqual(await world.pairs.activities(workflowId), ['createEni', 'attachEni', 'verifyEni']);
    }
  });

  it('completes the workflows when the pairs end, with detach and delete in their histories', async () => {
    await world.objects.deleteNodeEni('first');
    await world.pairs.untilGone('first');

    const completed = await world.pairs.untilWorkflows('first', 'Completed', 3);

    assert.equal((await world.pairs.workflows('first', 'Running')).length, 0);
    for (const { workflowId, runId } of completed) {
      const activities = await world.pairs.activities(workflowId, runId);
      assert.deepEqual(activities.slice(-3), ['detachEni', 'deleteEni', 'releaseAttachment']);
    }
    assert.deepEqual(await world.pairs.enis('first'), []);
  });

  it('attaches the ENIs of two NodeENIs from two subnets at index 1 and 2 of one node', async () => {
    // A node is in one zone, so the second subnet of one node lies in the same zone.
    const [node] = await nodesNamed('double', ['1'], () => ({ double: 'yes' }));
    const second = await world.extraSubnet('a');
    const common = { nodeSelector: { double: 'yes' }, securityGroupIDs: [world.group('one')] };
    await world.objects.createNodeEni('double-a', { ...common, subnetID: world.subnet('a'), deviceIndex: 1 });
    await world.objects.createNodeEni('double-b', { ...common, subnetID: second, deviceIndex: 2 });

    await world.pairs.untilAttached('double-a', ['double-1']);
    await world.pairs.untilAttached('double-b', ['double-1']);
    const enis = [...(await world.pairs.enis('double-a')), ...(await world.pairs.enis('double-b'))];

    assert.deepEqual(
      enis.map(({ subnetId, attachment }) => [subnetId, attachment?.instanceId, attachment?.deviceIndex]),
      [
        [world.subnet('a'), node?.instanceId, 1],
        [second, node?.instanceId, 2],
      ],
    );
  });

  it('gives nodes the subnet that their label says', async () => {
    await nodesNamed('split', ['1'], () => ({ split: 'yes', subnet: 'a' }), 'us-east-1a');
    await nodesNamed('split', ['2'], () => ({ split: 'yes', subnet: 'b' }), 'us-east-1b');
    for (const letter of ['a', 'b'] as const) {
      await world.objects.createNodeEni(`split-${letter}`, {
        nodeSelector: { split: 'yes', subnet: letter },
        subnetID: world.subnet(letter),
        securityGroupIDs: [world.group('one')],
        deviceIndex: 1,
      });
    }

    await world.pairs.untilAttached('split-a', ['split-1']);
    await world.pairs.untilAttached('split-b', ['split-2']);

    assert.deepEqual(
      (await world.pairs.enis('split-a')).map(({ subnetId }) => subnetId),
      [world.subnet('a')],
    );
    assert.deepEqual(
      (await world.pairs.enis('split-b')).map(({ subnetId }) => subnetId),
      [world.subnet('b')],
    );
  });

  async function nodesNamed(
    prefix: string,
    names: readonly string[],
    labels: (name: string) => Record<string, string>,
    zone = 'us-east-1a',
  ): Promise<SeededNode[]> {
    const specs = names.map((name) => ({ name: `${prefix}-${name}`, zone, labels: labels(name) }));
    return seedNodes(world.stack, world.vpc, specs);
  }
});
