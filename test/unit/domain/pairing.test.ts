import assert from 'node:assert/strict';

import { pairKey } from '../../../src/domain/pairing/desired.js';
import { planAttachments } from '../../../src/domain/pairing/plan-attachments.js';
import { carriedOut, edited, fleet, removals, settled, size, stored, view } from '../../support/builders-plan.js';
import { node, nodeEni, NOW } from '../../support/builders.js';

describe('the plan of the Attachments', () => {
  it('puts the finalizer on the NodeENI before it makes the first Attachment', () => {
    const start = view({ nodes: [node(1)], nodeEnis: [nodeEni({ hasFinalizer: false })] });

    const first = planAttachments(start);
    const second = planAttachments(carriedOut(start, first));

    assert.deepEqual([first.create.length, first.addFinalizer.length], [0, 1]);
    assert.deepEqual([second.create.length, second.addFinalizer.length], [1, 0]);
  });

  it('fills the spec of an Attachment from node and NodeENI', () => {
    const spec = { detachPolicy: { type: 'ForceAfterTimeout', timeoutSeconds: 60 }, tags: { a: 'b' } } as const;

    const [made] = planAttachments(view({ nodes: [node(1)], nodeEnis: [nodeEni({ spec })] })).create;

    assert.equal(made?.instanceId, 'i-0a1');
    assert.equal(made.zone, 'us-east-1a');
    assert.equal(made.description, 'NodeENI storage on node-1');
    assert.equal(made.forceDetachAfterSeconds, 60);
    assert.deepEqual(made.tags, { a: 'b' });
  });

  it('takes the nodes that carry every label of the selector', () => {
    const nodes = [node(1, { labels: { a: '1', b: '2' } }), node(2, { labels: { a: '1' } }), node(3)];

    const { create } = planAttachments(
      view({ nodes, nodeEnis: [nodeEni({ spec: { nodeSelector: { a: '1', b: '2' } } })] }),
    );

    assert.deepEqual(
      create.map((spec) => spec.nodeName),
      ['node-1'],
    );
  });

  it('waits for a node without providerID and skips one that is not in EC2', () => {
    const nodes = [node(1, { providerId: '' }), node(2, { providerId: 'kind://docker/x/y' })];

    const { create, skipped } = planAttachments(view({ nodes, nodeEnis: [nodeEni()] }));

    assert.deepEqual(create, []);
    assert.deepEqual(
      skipped.map(({ why }) => why),
      ['waiting', 'notEc2'],
    );
  });

  it('asks for nothing when all is as wanted', () => {
    assert.equal(size(planAttachments(fleet(3))), 0);
  });

  it('changes in place what does not need another ENI', () => {
    const after = edited(fleet(2), { description: 'new', securityGroupIds: ['sg-2'], tags: { b: 'c' } });

    const planned = planAttachments(after);

    assert.equal(planned.update.length, 2);
    assert.equal(planned.remove.length, 0);
    assert.equal(size(planAttachments(carriedOut(after, planned))), 0);
  });

  it('is not moved by the order of tags', () => {
    const before = fleet(1, { tags: { a: '1', b: '2' } });

    assert.equal(size(planAttachments(edited(before, { tags: { b: '2', a: '1' } }))), 0);
  });

  it('changes the subnets in place while the one in use stays, and before one is in use', () => {
    const inUse = edited(fleet(1), { subnetIds: ['subnet-b', 'subnet-a'] });
    const unused = edited(settled(fleet(1), { status: {} }), { subnetIds: ['subnet-b'] });

    assert.deepEqual([planAttachments(inUse).update.length, planAttachments(unused).update.length], [1, 1]);
  });

  it('has an ENI replaced that turned out to be in a subnet that is wanted no more, and no other', () => {
    const elsewhere = fleet(1, { subnetIds: ['subnet-b'] });
    const status = { phase: 'Attached', eniId: 'eni-1', subnetId: 'subnet-b' } as const;
    const there = { ...elsewhere, attachments: elsewhere.attachments.map((one) => ({ ...one, status })) };

    assert.deepEqual(removals(planAttachments(elsewhere)), ['node-1.0.1 replaced']);
    assert.equal(size(planAttachments(there)), 0);
  });

  it('removes the Attachments of nodes that match no more and of NodeENIs that are gone', () => {
    const before = fleet(2, { nodeSelector: {} });
    const unmatched = edited(before, { nodeSelector: { no: 'such' } });

    assert.deepEqual(removals(planAttachments(unmatched)), ['node-1.0.1 unmatched', 'node-2.0.1 unmatched']);
    assert.deepEqual(removals(planAttachments({ ...before, nodes: [node(1)] })), ['node-2.0.1 unmatched']);
    assert.deepEqual(removals(planAttachments({ ...before, nodeEnis: [] })), [
      'node-1.0.1 ownerGone',
      'node-2.0.1 ownerGone',
    ]);
  });

  it('removes at once what belongs to a former machine of the name', () => {
    for (const changed of [{ uid: 'reborn' }, { providerId: 'aws:///us-east-1a/i-0b9' }]) {
      const before = fleet(2);
      const nodes = before.nodes.map((one) => ({ ...one, ...changed }));

      assert.deepEqual(removals(planAttachments({ ...before, nodes })), [
        'node-1.0.1 otherNode',
        'node-2.0.1 otherNode',
      ]);
    }
  });

  it('keeps what it knows of a node whose providerID is gone', () => {
    const before = fleet(1);

    const planned = planAttachments({ ...before, nodes: [node(1, { providerId: '' })] });

    assert.deepEqual(removals(planned), []);
  });

  it('holds the next life of a flapping pair back, and says until when', () => {
    const held = new Map([[pairKey('uid-storage', node(1).uid), NOW + 500]]);
    const start = view({ nodes: [node(1)], nodeEnis: [nodeEni()], heldUntil: held });

    const now = planAttachments(start);
    const then = planAttachments({ ...start, now: NOW + 500 });

    assert.deepEqual([now.create.length, now.lookAgainAt], [0, NOW + 500]);
    assert.deepEqual([then.create.length, then.lookAgainAt], [1, null]);
  });

  it('does not hold back another node of the name', () => {
    const held = new Map([[pairKey('uid-storage', node(1).uid), NOW + 500]]);
    const replaced = view({ nodes: [node(1, { uid: 'another' })], nodeEnis: [nodeEni()], heldUntil: held });

    assert.equal(planAttachments(replaced).create.length, 1);
  });
});

describe('the roll-out of another subnet', () => {
  const counts: readonly [number | string, number][] = [
    [1, 1],
    [3, 3],
    [0, 1],
    ['25%', 3],
    ['1%', 1],
    ['100%', 10],
    ['odd', 1],
  ];
  for (const [maxUnavailable, expected] of counts) {
    it(`takes ${expected} of 10 at a time with maxUnavailable ${maxUnavailable}`, () => {
      const strategy = { type: 'RollingUpdate', maxUnavailable } as const;
      const after = edited(fleet(10, { updateStrategy: strategy }), { subnetIds: ['subnet-b'] });

      assert.equal(planAttachments(after).remove.length, expected);
    });
  }

  it('stops while a replaced one is not attached again', () => {
    const after = edited(fleet(3), { subnetIds: ['subnet-b'] });
    const [first, ...others] = after.attachments;
    assert.ok(first);
    const spec = { ...first.spec, subnetIds: ['subnet-b'] };
    const blocked = stored(spec, { status: { phase: 'Blocked', reason: 'SubnetFull' } });
    const up = stored(spec, { status: { phase: 'Attached', eniId: 'eni-2', subnetId: 'subnet-b' } });

    assert.deepEqual(removals(planAttachments({ ...after, attachments: [blocked, ...others] })), []);
    assert.deepEqual(removals(planAttachments({ ...after, attachments: [up, ...others] })), ['node-2.0.1 replaced']);
  });

  it('takes those that are not attached anyway first, at no cost', () => {
    const after = edited(fleet(3), { subnetIds: ['subnet-b'] });
    const attachments = after.attachments.map((one, index) =>
      index === 2 ? { ...one, status: { ...one.status, phase: 'Blocked' as const } } : one,
    );

    assert.deepEqual(removals(planAttachments({ ...after, attachments })), ['node-3.0.1 replaced']);
  });

  it('waits for the user with OnDelete', () => {
    const strategy = { type: 'OnDelete', maxUnavailable: 1 } as const;

    assert.deepEqual(removals(planAttachments(edited(fleet(2, { updateStrategy: strategy }), { deviceIndex: 2 }))), []);
  });

  it('makes the new Attachment only when the old one is gone', () => {
    const after = edited(fleet(1), { deviceIndex: 2 });
    const releasing = carriedOut(after, planAttachments(after));

    const during = planAttachments(releasing);
    const then = planAttachments({ ...releasing, attachments: [] });

    assert.deepEqual([size(during), then.create.map((spec) => spec.deviceIndex)], [0, [2]]);
  });
});
