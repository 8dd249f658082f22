import assert from 'node:assert/strict';

import fc from 'fast-check';

import { blockedWaitMs } from '../../../src/domain/backoff.js';
import {
  attachmentName,
  ec2TaskQueue,
  pairWorkflowId,
  pairWorkflowIdPrefix,
  taskQueue,
} from '../../../src/domain/names.js';
import { nodeIdentity } from '../../../src/domain/node.js';
import { isReason, REASONS } from '../../../src/domain/reasons.js';
import { clientToken, eniTags, isOwnedBy, isSamePair, missingTags, TAG_KEYS } from '../../../src/domain/tags.js';
import { MESSAGE_LIMIT, truncate } from '../../../src/domain/text.js';

/** Names as Kubernetes takes them for Nodes and our objects: DNS subdomains. */
const kubernetesName = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?$/);

describe('the name of an Attachment', () => {
  it('is another one for another slot, and gives the slot back', () => {
    const slot = fc.tuple(kubernetesName, fc.nat(9), fc.nat(14));

    fc.assert(
      fc.property(slot, slot, (a, b) => {
        const [card, index] = attachmentName(...a)
          .split('.')
          .slice(-2);

        assert.deepEqual([Number(card), Number(index)], a.slice(1));
        assert.equal(attachmentName(...a) === attachmentName(...b), a.join(' ') === b.join(' '));
      }),
    );
  });
});

describe('the id of a workflow', () => {
  it('is another one for another pair, and gives the pair back', () => {
    const pair = fc.tuple(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/), kubernetesName, kubernetesName);

    fc.assert(
      fc.property(pair, (parts) => {
        assert.deepEqual(pairWorkflowId(...parts).split(':'), ['eni', ...parts]);
        assert.ok(pairWorkflowId(...parts).startsWith(pairWorkflowIdPrefix(parts[0])));
      }),
    );
  });

  it('and the task queues tell clusters apart', () => {
    const names = [taskQueue('a'), ec2TaskQueue('a'), pairWorkflowIdPrefix('a')];

    assert.deepEqual(names, ['multi-eni:a', 'multi-eni-ec2:a', 'eni:a:']);
  });
});

describe('the client token', () => {
  it('is ASCII of at most 64 characters, another one for each UID and ordinal', () => {
    const call = fc.tuple(fc.uuid(), fc.nat());

    fc.assert(
      fc.property(call, call, (a, b) => {
        assert.match(clientToken(...a), /^[\x21-\x7e]{1,64}$/);
        assert.equal(clientToken(...a) === clientToken(...b), a.join(' ') === b.join(' '));
      }),
    );
  });
});

describe('the tags of an ENI', () => {
  const owner = { clusterName: 'c', attachmentUid: 'u', nodeEniName: 'e', nodeEniUid: 'eu', nodeName: 'n' };

  it('are ours, with the user’s on top', () => {
    assert.deepEqual(eniTags(owner, { team: 'x' }), {
      Name: 'e/n',
      team: 'x',
      [TAG_KEYS.cluster]: 'c',
      [TAG_KEYS.nodeEni]: 'e',
      [TAG_KEYS.nodeEniUid]: 'eu',
      [TAG_KEYS.attachmentUid]: 'u',
      [TAG_KEYS.node]: 'n',
      [TAG_KEYS.cniNoManage]: 'true',
    });
  });

  it('keep their meaning whatever the user’s are, and never make AWS components take the ENI for theirs', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.values(TAG_KEYS), 'a'), fc.string()), (userTags) => {
        const tags = eniTags(owner, userTags);

        assert.ok(isOwnedBy(tags, 'c', 'u') && isSamePair(tags, owner));
        assert.equal(tags['Name'], userTags['Name'] ?? 'e/n');
        assert.deepEqual(missingTags({ ...tags, foreign: '' }, tags), {});
      }),
    );
    const keys = Object.keys(eniTags(owner, {}));
    assert.ok(!keys.includes('node.k8s.amazonaws.com/instance_id') && !keys.includes('eks:eni:owner'));
  });

  it('tell owners and pairs apart', () => {
    const tags = eniTags(owner, {});

    assert.deepEqual(
      [isOwnedBy(tags, 'other', 'u'), isOwnedBy(tags, 'c', 'other'), isOwnedBy({}, 'c', 'u')],
      [false, false, false],
    );
    for (const change of [{ clusterName: 'x' }, { nodeEniName: 'x' }, { nodeName: 'x' }]) {
      assert.equal(isSamePair(tags, { ...owner, ...change }), false);
    }
    assert.equal(isSamePair(tags, { ...owner, attachmentUid: 'next', nodeEniUid: 'next' }), true);
    assert.deepEqual(missingTags({ a: '1' }, { a: '2', b: '3' }), { a: '2', b: '3' });
  });
});

describe('the wait of a blocked pair', () => {
  it('grows from about 1 s to its maximum, less at most a quarter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1_000, max: 1e7 }),
        fc.string(),
        (n, max, key) => {
          const wait = blockedWaitMs(n, max, key);
          const full = Math.min(max, 1_000 * 2 ** Math.min(n - 1, 30));

          assert.ok(wait <= full && wait >= Math.floor(full * 0.75), `${wait} of ${full}`);
          assert.equal(blockedWaitMs(n, max, key), wait);
        },
      ),
    );
  });

  it('is longer after each failure while it can be', () => {
    for (let n = 1; n < 8; n += 1) assert.ok(blockedWaitMs(n + 1, 1e9, 'k') > blockedWaitMs(n, 1e9, 'k'));
    assert.equal(blockedWaitMs(1, 1, 'k'), 1);
  });

  it('is spread over pairs', () => {
    const waits = Array.from({ length: 100 }, (_, index) => blockedWaitMs(9, 10_000, `uid-${index}`));

    assert.ok(new Set(waits).size > 90);
    assert.ok(waits.every((wait) => wait > 7_499 && wait <= 10_000));
  });
});

describe('the identity of a node', () => {
  const odd = [
    'aws:///us-east-1a/abc/fargate-ip-10-0-0-1.ec2.internal',
    'aws:///us-east-1a/fargate-ip-10-0-0-1.ec2.internal',
    'eks-hybrid:///us-east-1/c1/mi-0abc',
    'eks:///us-east-1/c1/mi-0abc',
    'kind://docker/x/y',
    'gce://project/zone/name',
    'aws:///us-east-1a/mi-0abc',
    'aws:///us-east-1a/i-XYZ',
    'i-0abc',
  ];
  for (const providerId of odd) {
    it(`is none in EC2 for ${providerId}`, () => {
      assert.deepEqual(nodeIdentity(providerId), { kind: 'notEc2' });
    });
  }

  it('is not known without a providerID', () => {
    assert.deepEqual(nodeIdentity(''), { kind: 'unknown' });
  });

  it('is zone and instance for one of EC2', () => {
    const ec2 = { kind: 'ec2', instanceId: 'i-0abc' };

    assert.deepEqual(nodeIdentity('aws:///us-east-1a/i-0abc'), { ...ec2, zone: 'us-east-1a' });
    assert.deepEqual(nodeIdentity('aws:////i-0abc'), { ...ec2, zone: '' });
  });
});

describe('words', () => {
  it('of reasons are told from others', () => {
    assert.ok(Object.keys(REASONS).every(isReason));
    assert.deepEqual([isReason('toString'), isReason('')], [false, false]);
  });

  it('are cut at the limit, with an ellipsis', () => {
    assert.equal(truncate('x'.repeat(MESSAGE_LIMIT)), 'x'.repeat(MESSAGE_LIMIT));
    assert.equal(truncate('x'.repeat(MESSAGE_LIMIT + 1)), `${'x'.repeat(MESSAGE_LIMIT - 1)}…`);
    assert.equal(truncate('abcd', 3), 'ab…');
  });
});
