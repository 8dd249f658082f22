import assert from 'node:assert/strict';

import { Lab } from './lab.js';

describe('the adapter of EC2', () => {
  const lab = Lab.forTests();

  it('takes an ENI through its life', async () => {
    const { ec2 } = lab;
    const instanceId = await lab.instance();
    const made = await ec2.createEni(lab.intent(), 'token-1');
    assert.deepEqual(await ec2.eni(made.eniId), made);
    assert.deepEqual(await ec2.enisOfNode('n1'), [made]);

    const attachmentId = await ec2.attachEni(made.eniId, instanceId, 0, 1);
    const place = { attachmentId, instanceId, deviceIndex: 1, networkCardIndex: 0 };
    const attached = await ec2.eni(made.eniId);
    assert.deepEqual(attached?.attachment, { ...place, status: 'attached', deleteOnTermination: false });

    await ec2.configureEni(made.eniId, attachmentId, {
      securityGroupIds: [lab.group('db')],
      description: 'changed',
      sourceDestCheck: false,
      deleteOnTermination: true,
      tags: { team: 'blue' },
    });
    assert.deepEqual(await ec2.eni(made.eniId), {
      ...made,
      securityGroupIds: [lab.group('db')],
      description: 'changed',
      sourceDestCheck: false,
      tags: { ...made.tags, team: 'blue' },
      attachment: { ...place, status: 'attached', deleteOnTermination: true },
    });

    await ec2.detachEni(attachmentId, false);
    assert.equal((await ec2.eni(made.eniId))?.attachment, null);
    await ec2.deleteEni(made.eniId);
    assert.equal(await ec2.eni(made.eniId), null);
    assert.deepEqual(await ec2.enisOfNode('n1'), []);
  });

  it('makes one ENI for one token', async () => {
    const first = await lab.ec2.createEni(lab.intent(), 'token-1');
    const again = await lab.ec2.createEni(lab.intent(), 'token-1');

    assert.equal(again.eniId, first.eniId);
    assert.equal((await lab.ec2.enisOfNode('n1')).length, 1);
  });

  it('shows an ENI that is being attached or detached', async () => {
    await lab.launcher.control.config({ attach_s: 10, detach_s: 10 });
    const eniId = await lab.eni();
    const attachmentId = await lab.ec2.attachEni(eniId, await lab.instance(), 0, 1);
    assert.equal((await lab.ec2.eni(eniId))?.attachment?.status, 'attaching');

    await lab.launcher.control.advance(10);
    await lab.ec2.detachEni(attachmentId, false);
    assert.equal((await lab.ec2.eni(eniId))?.attachment?.status, 'detaching');
    await assert.rejects(lab.ec2.detachEni(attachmentId, false), { kind: 'waiting' });
    await lab.ec2.detachEni(attachmentId, true);
    assert.equal((await lab.ec2.eni(eniId))?.attachment, null);
  });

  it('shows an instance with its slots and the limits of its type', async () => {
    const instanceId = await lab.instance('m5.large', 'b');
    const instance = await lab.ec2.instance(instanceId);

    assert.ok(instance !== null);
    const { slots, ...rest } = instance;
    assert.deepEqual(rest, {
      instanceId,
      state: 'running',
      instanceType: 'm5.large',
      zone: 'us-east-1b',
      vpcId: lab.vpc.vpcId,
      limits: { '0': 3 },
    });
    assert.deepEqual(
      slots.map(({ deviceIndex, networkCardIndex }) => [deviceIndex, networkCardIndex]),
      [[0, 0]],
    );
    assert.equal(await lab.ec2.instance('i-0123456789abcdef0'), null);
  });

  it('shows the limits of every network card', async () => {
    const instance = await lab.ec2.instance(await lab.instance('p4d.24xlarge'));

    assert.deepEqual(Object.keys(instance?.limits ?? {}), ['0', '1', '2', '3']);
  });

  it('finds subnets and security groups by id and by name', async () => {
    const { vpcId } = lab.vpc;
    const subnets = await lab.ec2.subnets({
      ids: [lab.subnet('b'), 'subnet-none'],
      names: ['multi-eni-a', 'x*'],
      vpcId,
    });
    const groups = await lab.ec2.securityGroups({ ids: [lab.group('db'), 'sg-none'], names: ['web'], vpcId });

    assert.deepEqual(subnets, [
      { subnetId: lab.subnet('b'), zone: 'us-east-1b', vpcId, freeAddresses: 4_091, foundByName: null },
      { subnetId: lab.subnet('a'), zone: 'us-east-1a', vpcId, freeAddresses: 4_091, foundByName: 'multi-eni-a' },
    ]);
    assert.deepEqual(groups, [
      { groupId: lab.group('db'), vpcId, foundByName: null },
      { groupId: lab.group('web'), vpcId, foundByName: 'web' },
    ]);
  });

  it('reads hundreds of ENIs and nodes with few calls', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, async (_, index) => lab.eni(`n${index}`)));
    const { lastSeq } = await lab.launcher.control.counts();

    const found = await Promise.all([
      ...ids.map(async (id) => (await lab.ec2.eni(id))?.eniId),
      ...ids.map(async (_, index) => (await lab.ec2.enisOfNode(`n${index}`))[0]?.eniId),
    ]);

    assert.deepEqual(found, [...ids, ...ids]);
    assert.deepEqual((await lab.launcher.control.counts({ since: lastSeq })).byAction, {
      DescribeNetworkInterfaces: 2,
    });
  });

  it('follows small and empty pages to the end, and never lists without paging', async () => {
    const ids = await Promise.all(Array.from({ length: 23 }, async () => lab.eni('n1')));
    await lab.eni('n2');
    await lab.launcher.control.config({ page_max: 5, empty_pages: true, require_paging: true });

    const ofNode = await lab.ec2.enisOfNode('n1');
    const swept = (await Array.fromAsync(lab.ec2.clusterEnis())).flat();

    assert.deepEqual(ofNode.map(({ eniId }) => eniId).sort(), ids.sort());
    assert.equal(swept.length, 24);
    assert.equal((await lab.ec2.eni(ids[22]!))?.eniId, ids[22]);
  });
});
