import assert from 'node:assert/strict';

import { eniFacts, instanceFacts, limitsOf } from '../../../src/aws/convert.js';

describe('an ENI of the SDK', () => {
  it('becomes facts', () => {
    const facts = eniFacts({
      NetworkInterfaceId: 'eni-1',
      SubnetId: 'subnet-1',
      VpcId: 'vpc-1',
      AvailabilityZone: 'us-east-1a',
      TagSet: [{ Key: 'a', Value: 'b' }, { Key: 'empty' }],
      Groups: [{ GroupId: 'sg-1', GroupName: 'web' }],
      Description: 'mine',
      SourceDestCheck: false,
      MacAddress: '02:00:00:00:00:01',
      PrivateIpAddress: '10.0.0.4',
      Attachment: {
        AttachmentId: 'eni-attach-1',
        InstanceId: 'i-1',
        DeviceIndex: 2,
        NetworkCardIndex: 1,
        Status: 'attaching',
        DeleteOnTermination: true,
      },
    });

    assert.deepEqual(facts, {
      eniId: 'eni-1',
      subnetId: 'subnet-1',
      vpcId: 'vpc-1',
      zone: 'us-east-1a',
      tags: { a: 'b', empty: '' },
      securityGroupIds: ['sg-1'],
      description: 'mine',
      sourceDestCheck: false,
      macAddress: '02:00:00:00:00:01',
      privateIp: '10.0.0.4',
      attachment: {
        attachmentId: 'eni-attach-1',
        instanceId: 'i-1',
        deviceIndex: 2,
        networkCardIndex: 1,
        status: 'attaching',
        deleteOnTermination: true,
      },
      assumed: false,
    });
  });

  it('has no attachment when EC2 shows none, or one that is over', () => {
    assert.equal(eniFacts({}).attachment, null);
    assert.equal(eniFacts({ Attachment: {} }).attachment, null);
    assert.equal(eniFacts({ Attachment: { InstanceId: 'i-1', Status: 'detached' } }).attachment, null);
  });

  it('is on card 0 when EC2 does not name the card', () => {
    assert.equal(eniFacts({ Attachment: { Status: 'attached', DeviceIndex: 1 } }).attachment?.networkCardIndex, 0);
  });
});

describe('an instance of the SDK', () => {
  it('becomes facts, with the slots that are taken on each card', () => {
    const facts = instanceFacts(
      {
        InstanceId: 'i-1',
        InstanceType: 'p4d.24xlarge',
        State: { Name: 'stopped' },
        VpcId: 'vpc-1',
        Placement: { AvailabilityZone: 'us-east-1a' },
        NetworkInterfaces: [
          { NetworkInterfaceId: 'eni-0', Attachment: { DeviceIndex: 0, NetworkCardIndex: 0, Status: 'attached' } },
          { NetworkInterfaceId: 'eni-1', Attachment: { DeviceIndex: 1, NetworkCardIndex: 1, Status: 'detaching' } },
          { NetworkInterfaceId: 'eni-2', Attachment: { DeviceIndex: 2, Status: 'detached' } },
          { NetworkInterfaceId: 'eni-3' },
        ],
      },
      { '0': 15 },
    );

    assert.deepEqual(facts, {
      instanceId: 'i-1',
      state: 'stopped',
      instanceType: 'p4d.24xlarge',
      zone: 'us-east-1a',
      vpcId: 'vpc-1',
      slots: [
        { eniId: 'eni-0', deviceIndex: 0, networkCardIndex: 0 },
        { eniId: 'eni-1', deviceIndex: 1, networkCardIndex: 1 },
      ],
      limits: { '0': 15 },
    });
  });
});

describe('the limits of an instance type', () => {
  it('are those of its cards, else that of the type, else unknown', () => {
    const cards = [
      { NetworkCardIndex: 0, MaximumNetworkInterfaces: 15 },
      { NetworkCardIndex: 1, MaximumNetworkInterfaces: 2 },
    ];

    assert.deepEqual(limitsOf({ NetworkInfo: { MaximumNetworkInterfaces: 60, NetworkCards: cards } }), {
      '0': 15,
      '1': 2,
    });
    assert.deepEqual(limitsOf({ NetworkInfo: { MaximumNetworkInterfaces: 4 } }), { '0': 4 });
    assert.equal(limitsOf({}), null);
  });
});
