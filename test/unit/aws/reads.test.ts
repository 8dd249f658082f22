import assert from 'node:assert/strict';

import { createEc2, type Ec2 } from '../../../src/aws/ec2.js';
import { TAG_KEYS } from '../../../src/domain/tags.js';
import { ec2Answer, fakeClient, filterValues, type Sent } from './fake-client.js';
import { FakeClock } from './fake-clock.js';

function setUp(answers: Parameters<typeof fakeClient>[0]): { ec2: Ec2; clock: FakeClock; sent: Sent[] } {
  const clock = new FakeClock();
  const { client, sent } = fakeClient(answers);
  return { ec2: createEc2({ client, clusterName: 'c*1', clock }), clock, sent };
}

/** The result of a read for which the clock has to go on. */
async function after<T>(clock: FakeClock, read: Promise<T>, ms = 2_000): Promise<T> {
  const [result] = await Promise.allSettled([read, clock.advance(ms)]);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function eniOf(node: string, id: string): object {
  return { NetworkInterfaceId: id, TagSet: [{ Key: TAG_KEYS.node, Value: node }] };
}

describe('the ENIs of nodes', () => {
  it('are read by one call for all nodes, whose pages are followed to the end, empty ones too', async () => {
    const pagesOf = [
      { NetworkInterfaces: [], NextToken: '1' },
      { NetworkInterfaces: [eniOf('n1', 'eni-1')], NextToken: '2' },
      { NextToken: '3' },
      { NetworkInterfaces: [eniOf('n2', 'eni-2'), eniOf('n1', 'eni-3')] },
    ];
    const { ec2, clock, sent } = setUp({
      DescribeNetworkInterfaces: ({ NextToken }) => pagesOf[Number(NextToken ?? 0)],
    });

    const reads = Promise.all(['n1', 'n2', 'n3'].map(async (node) => ec2.enisOfNode(node)));
    const found = await after(clock, reads);

    assert.deepEqual(
      found.map((enis) => enis.map(({ eniId }) => eniId)),
      [['eni-1', 'eni-3'], ['eni-2'], []],
    );
    assert.deepEqual(
      sent.map(({ input }) => input['NextToken']),
      [undefined, '1', '2', '3'],
    );
    for (const { input } of sent) {
      assert.equal(input['MaxResults'], 1_000);
      assert.deepEqual(filterValues(input, `tag:${TAG_KEYS.node}`), ['n1', 'n2', 'n3']);
      assert.deepEqual(filterValues(input, `tag:${TAG_KEYS.cluster}`), [String.raw`c\*1`]);
    }
  });

  it('are not waited for without end when EC2 repeats a token', async () => {
    const { ec2, clock } = setUp({ DescribeNetworkInterfaces: () => ({ NextToken: 'again' }) });

    await assert.rejects(after(clock, ec2.enisOfNode('n1')), { kind: 'transient', reason: 'Ec2Unavailable' });
  });
});

describe('an ENI by id', () => {
  it('is looked for by filter, 200 a call', async () => {
    const { ec2, clock, sent } = setUp({
      DescribeNetworkInterfaces: (input) => ({
        NetworkInterfaces: filterValues(input, 'network-interface-id')
          .filter((id) => id !== 'eni-7')
          .map((id) => ({ NetworkInterfaceId: id })),
      }),
    });

    const found = await after(clock, Promise.all(Array.from({ length: 250 }, async (_, i) => ec2.eni(`eni-${i}`))));

    assert.equal(found[7], null);
    assert.ok(found.every((eni, index) => index === 7 || eni?.eniId === `eni-${index}`));
    assert.deepEqual(
      sent.map(({ input }) => filterValues(input, 'network-interface-id').length),
      [200, 50],
    );
  });

  it('fails for all who asked when the call fails', async () => {
    const { ec2, clock } = setUp({
      DescribeNetworkInterfaces: () => {
        throw ec2Answer('RequestLimitExceeded', '', 503);
      },
    });

    const reads = Promise.allSettled([ec2.eni('eni-1'), ec2.eni('eni-2')]);
    const results = await after(clock, reads);

    for (const result of results) {
      assert.ok(result.status === 'rejected');
      assert.equal((result.reason as { reason: string }).reason, 'Throttled');
    }
  });
});

describe('an instance', () => {
  const instance = { InstanceId: 'i-1', InstanceType: 'm5.large', State: { Name: 'running' } };
  const described = { Reservations: [{ Instances: [instance] }] };
  const types = { InstanceTypes: [{ InstanceType: 'm5.large', NetworkInfo: { MaximumNetworkInterfaces: 3 } }] };

  it('comes with the limits of its type, which are asked for once', async () => {
    const { ec2, clock, sent } = setUp({ DescribeInstances: () => described, DescribeInstanceTypes: () => types });

    const first = await after(clock, ec2.instance('i-1'));
    await clock.advance(3_600_000);
    const second = await after(clock, ec2.instance('i-1'));

    assert.deepEqual([first?.limits, second?.limits], [{ '0': 3 }, { '0': 3 }]);
    assert.equal(sent.filter(({ action }) => action === 'DescribeInstanceTypes').length, 1);
    assert.equal(sent.filter(({ action }) => action === 'DescribeInstances').length, 2);
    assert.equal(sent.find(({ action }) => action === 'DescribeInstanceTypes')?.input['MaxResults'], 100);
  });

  it('has no known limits while the controller may not ask for them, and has them once it may', async () => {
    let allowed = false;
    const { ec2, clock } = setUp({
      DescribeInstances: () => described,
      DescribeInstanceTypes: () => {
        if (!allowed) throw ec2Answer('UnauthorizedOperation', '', 403);
        return types;
      },
    });

    assert.equal((await after(clock, ec2.instance('i-1')))?.limits, null);
    allowed = true;
    await clock.advance(600_000);
    assert.deepEqual((await after(clock, ec2.instance('i-1')))?.limits, { '0': 3 });
  });

  it('is not read without its limits because of any other failure', async () => {
    const { ec2, clock } = setUp({
      DescribeInstances: () => described,
      DescribeInstanceTypes: () => {
        throw ec2Answer('InternalError', '', 500);
      },
    });

    await assert.rejects(after(clock, ec2.instance('i-1')), { reason: 'Ec2Unavailable' });
  });

  it('that EC2 does not know is null', async () => {
    const { ec2, clock } = setUp({ DescribeInstances: () => ({ Reservations: [] }) });

    assert.equal(await after(clock, ec2.instance('i-9')), null);
  });
});

describe('subnets', () => {
  const subnet = {
    SubnetId: 'subnet-a',
    VpcId: 'vpc-1',
    AvailabilityZone: 'us-east-1a',
    AvailableIpAddressCount: 7,
    Tags: [{ Key: 'Name', Value: 'blue' }],
  };

  it('are found by id and by name, shared, and kept for 30 s', async () => {
    const { ec2, clock, sent } = setUp({ DescribeSubnets: () => ({ Subnets: [subnet] }) });
    const query = { ids: ['subnet-a'], names: ['blue'], vpcId: 'vpc-1' };
    const facts = { subnetId: 'subnet-a', zone: 'us-east-1a', vpcId: 'vpc-1', freeAddresses: 7 };

    const [found] = await after(clock, Promise.all([ec2.subnets(query), ec2.subnets(query)]));
    assert.deepEqual(found, [
      { ...facts, foundByName: null },
      { ...facts, foundByName: 'blue' },
    ]);
    assert.equal(sent.length, 2);

    await clock.advance(27_000);
    await after(clock, ec2.subnets(query), 100);
    assert.equal(sent.length, 2);
    await clock.advance(3_000);
    await after(clock, ec2.subnets(query));
    assert.equal(sent.length, 4);
  });

  it('by name are looked for in the VPC alone, and not at all without one', async () => {
    const { ec2, clock, sent } = setUp({
      DescribeSubnets: (input) => ({ Subnets: filterValues(input, 'vpc-id').includes('vpc-1') ? [subnet] : [] }),
    });

    assert.deepEqual(await ec2.subnets({ ids: [], names: ['blue'], vpcId: undefined }), []);
    const inTwo = ['vpc-1', 'vpc-2'].map(async (vpcId) => ec2.subnets({ ids: [], names: ['blue'], vpcId }));
    const [one, two] = await after(clock, Promise.all(inTwo));

    assert.deepEqual([one?.length, two?.length], [1, 0]);
    assert.deepEqual(
      sent.map(({ input }) => filterValues(input, 'vpc-id')),
      [['vpc-1'], ['vpc-2']],
    );
  });

  it('that were not found are looked for again after 5 s', async () => {
    const { ec2, clock, sent } = setUp({ DescribeSubnets: () => ({ Subnets: [] }) });
    const query = { ids: ['subnet-x'], names: [], vpcId: undefined };

    assert.deepEqual(await after(clock, ec2.subnets(query)), []);
    await after(clock, ec2.subnets(query));
    assert.equal(sent.length, 1);
    await clock.advance(1_000);
    await after(clock, ec2.subnets(query));
    assert.equal(sent.length, 2);
  });

  it('are not remembered as failed', async () => {
    let calls = 0;
    const { ec2, clock } = setUp({
      DescribeSubnets: () => {
        calls += 1;
        if (calls === 1) throw ec2Answer('InternalError', '', 500);
        return { Subnets: [subnet] };
      },
    });
    const query = { ids: ['subnet-a'], names: [], vpcId: undefined };

    await assert.rejects(after(clock, ec2.subnets(query)));
    assert.equal((await after(clock, ec2.subnets(query))).length, 1);
  });

  it('have no room after they have refused an ENI', async () => {
    const { ec2, clock } = setUp({
      DescribeSubnets: () => ({ Subnets: [subnet] }),
      CreateNetworkInterface: () => {
        throw ec2Answer('InsufficientFreeAddressesInSubnet');
      },
    });
    const intent = { ordinal: 1, subnetId: 'subnet-a', securityGroupIds: [], description: '', tags: {} };
    await assert.rejects(ec2.createEni(intent, 'token'));

    const [found] = await after(clock, ec2.subnets({ ids: ['subnet-a'], names: [], vpcId: undefined }));

    assert.equal(found?.freeAddresses, 0);
  });
});

describe('security groups', () => {
  it('are found by id and by group name, and kept for 60 s', async () => {
    const group = { GroupId: 'sg-1', GroupName: 'web', VpcId: 'vpc-1' };
    const { ec2, clock, sent } = setUp({ DescribeSecurityGroups: () => ({ SecurityGroups: [group] }) });
    const query = { ids: ['sg-1'], names: ['web'], vpcId: 'vpc-1' };

    const found = await after(clock, ec2.securityGroups(query));
    await clock.advance(55_000);
    await after(clock, ec2.securityGroups(query));

    assert.deepEqual(found, [
      { groupId: 'sg-1', vpcId: 'vpc-1', foundByName: null },
      { groupId: 'sg-1', vpcId: 'vpc-1', foundByName: 'web' },
    ]);
    assert.deepEqual(
      sent.map(({ input }) => [filterValues(input, 'group-id'), filterValues(input, 'group-name')]),
      [
        [['sg-1'], []],
        [[], ['web']],
      ],
    );
  });
});
