import assert from 'node:assert/strict';

import type { PairMemory } from '../../../src/domain/memory.js';
import type { GroupFacts, NetworkFacts, Observation, SubnetFacts } from '../../../src/domain/observation.js';
import { plan } from '../../../src/domain/plan/plan.js';
import type { Reason } from '../../../src/domain/reasons.js';
import type { Step } from '../../../src/domain/step.js';
import { attachment, eni, INSTANCE, instance, memory, observation, tagsOf } from '../../support/builders.js';

const SUBNET: SubnetFacts = {
  subnetId: 'subnet-a',
  zone: 'us-east-1a',
  vpcId: 'vpc-1',
  freeAddresses: 1,
  foundByName: null,
};
const GROUP: GroupFacts = { groupId: 'sg-1', vpcId: 'vpc-1', foundByName: null };
const INTENT = {
  ordinal: 0,
  subnetId: 'subnet-a',
  securityGroupIds: ['sg-1'],
  description: 'storage on node-1',
  tags: tagsOf(attachment()),
};

function network(changes: Partial<NetworkFacts>): NetworkFacts {
  return { subnets: [SUBNET], groups: [GROUP], ...changes };
}

function created(step: Step): Extract<Step, { type: 'create' }>['intent'] {
  assert.equal(step.type, 'create');
  return step.intent;
}

describe('the plan of a pair without an ENI', () => {
  it('is to make one with everything that the spec says', () => {
    assert.deepEqual(plan(observation(), memory()), { type: 'create', intent: INTENT });
  });

  it('takes the first subnet of the zone that has a free address', () => {
    const subnets = [
      { ...SUBNET, subnetId: 'elsewhere', zone: 'us-east-1b' },
      { ...SUBNET, subnetId: 'full', freeAddresses: 0 },
      { ...SUBNET, subnetId: 'second' },
    ];

    const step = plan(observation({ network: network({ subnets }) }), memory());

    assert.equal(created(step).subnetId, 'second');
  });

  it('resolves the names of security groups, each group once', () => {
    const wanted = attachment({ spec: { securityGroupIds: ['sg-1'], securityGroupNames: ['web', 'alias'] } });
    const groups = [GROUP, { ...GROUP, groupId: 'sg-2', foundByName: 'web' }, { ...GROUP, foundByName: 'alias' }];

    const step = plan(observation({ attachment: wanted, network: network({ groups }) }), memory());

    assert.deepEqual(created(step).securityGroupIds, ['sg-1', 'sg-2']);
  });

  it('is the same on a stopped instance', () => {
    assert.equal(plan(observation({ instance: instance({ state: 'stopped' }) }), memory()).type, 'create');
  });

  it('does not ask for a limit that EC2 does not say', () => {
    assert.equal(plan(observation({ instance: instance({ limits: null }) }), memory()).type, 'create');
  });

  for (const [state, reason] of [
    ['pending', 'InstancePending'],
    ['stopping', 'InstanceStopping'],
  ] as const) {
    it(`waits for an instance that is ${state}`, () => {
      const step = plan(observation({ instance: instance({ state }) }), memory());

      assert.deepEqual(step, { type: 'awaitInstance', instanceId: INSTANCE, reason });
    });
  }
});

interface BlockCase {
  readonly reason: Reason;
  readonly when: string;
  readonly change: Partial<Observation>;
  readonly says: RegExp;
  readonly knows?: Partial<PairMemory>;
}

const named = { ...SUBNET, foundByName: 'db' };
const BLOCKS: readonly BlockCase[] = [
  { reason: 'InstanceNotFound', when: 'EC2 does not know the instance', change: { instance: null }, says: /i-0a1/ },
  {
    reason: 'InstanceTerminated',
    when: 'the instance is terminated',
    change: { instance: instance({ state: 'terminated' }) },
    says: /is terminated/,
  },
  {
    reason: 'InstanceTerminated',
    when: 'the instance is shutting down',
    change: { instance: instance({ state: 'shutting-down' }) },
    says: /is shutting-down/,
  },
  {
    reason: 'DeviceIndexInUse',
    when: 'a foreign interface has the slot',
    change: { instance: instance({ slots: [{ eniId: 'eni-x', deviceIndex: 1, networkCardIndex: 0 }] }) },
    says: /eni-x holds device index 1/,
  },
  {
    reason: 'NetworkCardNotFound',
    when: 'the instance type has no such card',
    change: { instance: instance({ limits: { '1': 4 } }) },
    says: /m5.large has no network card 0/,
  },
  {
    reason: 'AttachmentLimitReached',
    when: 'the card is full',
    change: { instance: instance({ limits: { '0': 1 } }) },
    says: /allows 1 interfaces/,
  },
  {
    reason: 'SubnetNotFound',
    when: 'no subnet is found',
    change: { network: network({ subnets: [] }) },
    says: /subnet-a/,
  },
  { reason: 'SubnetNotFound', when: 'nothing was looked up', change: { network: undefined }, says: /subnet-a/ },
  {
    reason: 'SubnetNotFound',
    when: 'no subnet has the name',
    change: {
      attachment: attachment({ spec: { subnetIds: [], subnetNames: ['db'] } }),
      network: network({ subnets: [] }),
    },
    says: /"db"/,
  },
  {
    reason: 'VpcMismatch',
    when: 'the subnet is in another VPC',
    change: { network: network({ subnets: [{ ...SUBNET, vpcId: 'vpc-2' }] }) },
    says: /subnet-a not in vpc-1/,
  },
  {
    reason: 'ZoneMismatch',
    when: 'the subnet is in another zone',
    change: { network: network({ subnets: [{ ...SUBNET, zone: 'us-east-1b' }] }) },
    says: /us-east-1b; the instance is in us-east-1a/,
  },
  {
    reason: 'SubnetAmbiguous',
    when: 'two subnets have the name',
    change: { network: network({ subnets: [named, { ...named, subnetId: 'subnet-b' }] }) },
    says: /"db" is the name of subnet-a, subnet-b/,
  },
  {
    reason: 'SubnetFull',
    when: 'no address is free',
    change: { network: network({ subnets: [{ ...SUBNET, freeAddresses: 0 }] }) },
    says: /no free address in subnet-a/,
  },
  {
    reason: 'SecurityGroupNotFound',
    when: 'a group id is unknown',
    change: { network: network({ groups: [] }) },
    says: /sg-1/,
  },
  {
    reason: 'SecurityGroupNotFound',
    when: 'no group has the name',
    change: { attachment: attachment({ spec: { securityGroupNames: ['web'] } }) },
    says: /named "web"/,
  },
  {
    reason: 'SecurityGroupAmbiguous',
    when: 'two groups have the name',
    change: {
      attachment: attachment({ spec: { securityGroupIds: [], securityGroupNames: ['web'] } }),
      network: network({ groups: ['sg-2', 'sg-3'].map((groupId) => ({ ...GROUP, groupId, foundByName: 'web' })) }),
    },
    says: /sg-2 and sg-3/,
  },
  {
    reason: 'SecurityGroupVpcMismatch',
    when: 'the group is in another VPC',
    change: { network: network({ groups: [{ ...GROUP, vpcId: 'vpc-2' }] }) },
    says: /sg-1 is in vpc-2, the subnet in vpc-1/,
  },
  {
    reason: 'NotOurs',
    when: 'the ENI on record lost its tags',
    change: { untagged: eni({ tags: {} }) },
    says: /lost the tags/,
  },
  {
    reason: 'AttachTimeout',
    when: 'a condemned ENI just went',
    change: {},
    knows: { coolDown: true },
    says: /waiting/,
  },
  {
    reason: 'Paused',
    when: 'it is paused',
    change: { attachment: attachment({ spec: { paused: true } }) },
    says: /paused/,
  },
];

describe('a pair without an ENI is blocked', () => {
  for (const { reason, when, change, says, knows } of BLOCKS) {
    it(`for ${reason} when ${when}`, () => {
      const step = plan(observation(change), memory(knows));

      assert.equal(step.type, 'block');
      assert.equal(step.reason, reason);
      assert.match(step.message, says);
    });
  }

  it('for what is wrong with the instance before what is wrong with the network', () => {
    const step = plan(observation({ instance: null, network: network({ subnets: [], groups: [] }) }), memory());

    assert.ok(step.type === 'block' && step.reason === 'InstanceNotFound');
  });

  it('for what is wrong with the subnet before what is wrong with the groups', () => {
    const step = plan(observation({ network: network({ subnets: [], groups: [] }) }), memory());

    assert.ok(step.type === 'block' && step.reason === 'SubnetNotFound');
  });

  it('not for an ambiguous name of which one zone alone matters', () => {
    const subnets = [named, { ...named, subnetId: 'subnet-b', zone: 'us-east-1b' }];

    assert.equal(plan(observation({ network: network({ subnets }) }), memory()).type, 'create');
  });
});
