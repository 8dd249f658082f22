import assert from 'node:assert/strict';

import type { Ec2Observer } from '../../../src/aws/caller.js';
import { createEc2, type Ec2 } from '../../../src/aws/ec2.js';
import { ec2Answer, fakeClient, type Sent } from './fake-client.js';
import { FakeClock } from './fake-clock.js';

const INTENT = {
  ordinal: 3,
  subnetId: 'subnet-1',
  securityGroupIds: ['sg-1', 'sg-2'],
  description: 'mine',
  tags: { a: 'b' },
};

function setUp(
  answers: Parameters<typeof fakeClient>[0],
  observer?: Ec2Observer,
): { ec2: Ec2; clock: FakeClock; sent: Sent[] } {
  const clock = new FakeClock();
  const { client, sent } = fakeClient(answers);
  const ec2 = createEc2({ client, clusterName: 'c1', clock, ...(observer === undefined ? {} : { observer }) });
  return { ec2, clock, sent };
}

function nothing(): object {
  return {};
}

describe('createEni', () => {
  it('makes the ENI with its tags and its token in one call', async () => {
    const { ec2, sent } = setUp({
      CreateNetworkInterface: () => ({ NetworkInterface: { NetworkInterfaceId: 'eni-1', SubnetId: 'subnet-1' } }),
    });

    const eni = await ec2.createEni(INTENT, 'token-3');

    assert.deepEqual(sent, [
      {
        action: 'CreateNetworkInterface',
        input: {
          ClientToken: 'token-3',
          SubnetId: 'subnet-1',
          Groups: ['sg-1', 'sg-2'],
          Description: 'mine',
          TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'a', Value: 'b' }] }],
        },
      },
    ]);
    assert.deepEqual([eni.eniId, eni.tags, eni.attachment, eni.assumed], ['eni-1', { a: 'b' }, null, false]);
  });

  it('leaves open what was done when the reply names no ENI', async () => {
    const { ec2 } = setUp({ CreateNetworkInterface: nothing });

    await assert.rejects(ec2.createEni(INTENT, 'token-3'), { kind: 'transient', definite: false });
  });

  it('asks once for all pairs when the quota is reached, and still deletes', async () => {
    const { ec2, sent } = setUp({
      CreateNetworkInterface: () => {
        throw ec2Answer('NetworkInterfaceLimitExceeded');
      },
      DeleteNetworkInterface: nothing,
    });

    for (const subnetId of ['subnet-1', 'subnet-2', 'subnet-3']) {
      await assert.rejects(ec2.createEni({ ...INTENT, subnetId }, 'token'), {
        reason: 'QuotaReached',
        kind: 'refused',
      });
    }
    await ec2.deleteEni('eni-1');

    assert.deepEqual(
      sent.map(({ action }) => action),
      ['CreateNetworkInterface', 'DeleteNetworkInterface'],
    );
  });
});

describe('attachEni', () => {
  it('always names the network card, and returns the attachment id', async () => {
    const { ec2, sent } = setUp({ AttachNetworkInterface: () => ({ AttachmentId: 'eni-attach-1' }) });

    assert.equal(await ec2.attachEni('eni-1', 'i-1', 0, 2), 'eni-attach-1');

    assert.deepEqual(sent[0]?.input, {
      NetworkInterfaceId: 'eni-1',
      InstanceId: 'i-1',
      NetworkCardIndex: 0,
      DeviceIndex: 2,
    });
  });
});

describe('configureEni', () => {
  const answers = { ModifyNetworkInterfaceAttribute: nothing, CreateTags: nothing };

  it('makes one call for each changed attribute, and one for the tags', async () => {
    const { ec2, sent } = setUp(answers);

    await ec2.configureEni('eni-1', 'eni-attach-1', {
      securityGroupIds: ['sg-2'],
      description: '',
      sourceDestCheck: false,
      deleteOnTermination: true,
      tags: { a: 'b' },
    });

    assert.deepEqual(
      sent.map(({ input }) => input),
      [
        { NetworkInterfaceId: 'eni-1', Groups: ['sg-2'] },
        { NetworkInterfaceId: 'eni-1', SourceDestCheck: { Value: false } },
        { NetworkInterfaceId: 'eni-1', Description: { Value: '' } },
        { NetworkInterfaceId: 'eni-1', Attachment: { AttachmentId: 'eni-attach-1', DeleteOnTermination: true } },
        { Resources: ['eni-1'], Tags: [{ Key: 'a', Value: 'b' }] },
      ],
    );
  });

  it('makes no call for nothing', async () => {
    const { ec2, sent } = setUp(answers);

    await ec2.configureEni('eni-1', '', { tags: {} });

    assert.equal(sent.length, 0);
  });

  it('waits for the attachment id when it is needed', async () => {
    const { ec2 } = setUp(answers);

    await assert.rejects(ec2.configureEni('eni-1', '', { deleteOnTermination: true }), { kind: 'waiting' });
  });
});

describe('detachEni', () => {
  it('names force only when it is forced', async () => {
    const { ec2, sent } = setUp({ DetachNetworkInterface: nothing });

    await ec2.detachEni('eni-attach-1', false);
    await ec2.detachEni('eni-attach-1', true);

    assert.deepEqual(
      sent.map(({ input }) => input),
      [{ AttachmentId: 'eni-attach-1' }, { AttachmentId: 'eni-attach-1', Force: true }],
    );
  });
});

describe('the observer', () => {
  it('hears of every call, throttle and wait', async () => {
    const heard: unknown[][] = [];
    const observer: Ec2Observer = {
      onCall: (action, outcome, ms) => heard.push(['call', action, outcome, ms]),
      onThrottle: (action) => heard.push(['throttle', action]),
      onBudgetWait: (action, ms) => heard.push(['wait', action, ms]),
    };
    let throttle = true;
    const { ec2, clock } = setUp(
      {
        DeleteNetworkInterface: () => {
          if (throttle) throw ec2Answer('RequestLimitExceeded', '', 503);
          return {};
        },
      },
      observer,
    );

    await assert.rejects(ec2.deleteEni('eni-1'), { kind: 'transient', reason: 'Throttled', retryAfterMs: 1_000 });
    throttle = false;
    const second = ec2.deleteEni('eni-1');
    await clock.advance(1_000);
    await second;

    assert.deepEqual(heard, [
      ['call', 'DeleteNetworkInterface', 'RequestLimitExceeded', 0],
      ['throttle', 'DeleteNetworkInterface'],
      ['wait', 'DeleteNetworkInterface', 1_000],
      ['call', 'DeleteNetworkInterface', 'ok', 0],
    ]);
  });
});
