import assert from 'node:assert/strict';

import { problems } from '../../dev/soak/settled.js';
import { editOf, wantedPairs } from '../../dev/soak/wanted.js';
import type { Ec2Eni } from '../../dev/stack/ec2-types.js';
import { attachmentOf, eniOf, wantedPair } from './builders.js';

const PAIR = wantedPair();
const ATTACHMENT = attachmentOf(PAIR);

describe('what has settled', () => {
  it('is right when the pair has its one ENI as wanted', () => {
    const found = problems([PAIR], { enis: [eniOf(PAIR)], attachments: [ATTACHMENT] });

    assert.deepEqual(found, []);
  });

  const place = eniOf(PAIR).attachment!;
  const planted: Readonly<Record<string, Partial<Ec2Eni>>> = {
    'status is undefined': { attachment: null },
    'status is attaching': { attachment: { ...place, status: 'attaching' } },
    'instance is i-2': { attachment: { ...place, instanceId: 'i-2' } },
    'device index is 2': { attachment: { ...place, deviceIndex: 2 } },
    'deleteOnTermination is false': { attachment: { ...place, deleteOnTermination: false } },
    'subnet is subnet-2': { subnetId: 'subnet-2' },
    'groups is sg-2': { groups: ['sg-2'] },
    'description is by hand': { description: 'by hand' },
    'sourceDestCheck is false': { sourceDestCheck: false },
    'ENI in the status is eni-1': { id: 'eni-2' },
  };
  for (const [what, part] of Object.entries(planted)) {
    it(`is wrong when its ${what}`, () => {
      const [found] = problems([PAIR], { enis: [eniOf(PAIR, part)], attachments: [ATTACHMENT] });

      assert.equal(found?.pair, 'soak-0/node-1');
      assert.ok(found.what.startsWith(what), found.what);
    });
  }

  it('is wrong when a tag of the user is missing', () => {
    const pair = wantedPair({ spec: { ...PAIR.spec, tags: { team: 'packets' } } });

    const [found] = problems([pair], { enis: [eniOf(PAIR)], attachments: [ATTACHMENT] });

    assert.match(found?.what ?? '', /^tag team is undefined, not packets/);
  });

  it('is wrong when there is no ENI, or a second one', () => {
    const none = problems([PAIR], { enis: [], attachments: [ATTACHMENT] });
    const two = problems([PAIR], { enis: [eniOf(PAIR), eniOf(PAIR, { id: 'eni-2' })], attachments: [ATTACHMENT] });

    assert.deepEqual(none, [{ pair: 'soak-0/node-1', what: 'its ENIs: none; node-1.0.1 says Attached' }]);
    assert.match(two[0]?.what ?? '', /^its ENIs: eni-1 \(attached\), eni-2 \(attached\)/);
  });

  it('is wrong when something is there that nobody wants', () => {
    const found = problems([], { enis: [eniOf(PAIR)], attachments: [ATTACHMENT] });

    assert.deepEqual(
      found.map(({ what }) => what),
      ['nobody wants eni-1 (attached)', 'nobody wants node-1.0.1 Attached'],
    );
  });
});

describe('what is wanted', () => {
  it('is a pair for each label on a node', () => {
    const nodes = [
      { name: 'node-0', instanceId: 'i-0', labels: new Set([0, 1]) },
      { name: 'node-1', instanceId: 'i-1', labels: new Set([1]) },
    ];
    const nodeEnis = [0, 1].map((index) => ({ name: `soak-${index}`, spec: PAIR.spec }));

    const pairs = wantedPairs(nodes, nodeEnis).map(({ nodeEni, node }) => `${nodeEni}/${node}`);

    assert.deepEqual(pairs, ['soak-0/node-0', 'soak-1/node-0', 'soak-1/node-1']);
  });

  it('never lets two NodeENIs want one device index', () => {
    const choices = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
    const indexes = [0, 1, 2, 3].flatMap((nodeEni) =>
      [0, 1].map((choice) => editOf('deviceIndex', choice, nodeEni, choices).deviceIndex),
    );

    assert.equal(new Set(indexes).size, 8);
    assert.ok(!indexes.includes(0));
  });
});
