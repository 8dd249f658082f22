import assert from 'node:assert/strict';

import { planAttachments } from '../../../src/domain/pairing/plan-attachments.js';
import { carriedOut, edited, fleet, removals, settled, size, stored, view } from '../../support/builders-plan.js';
import { node, nodeEni } from '../../support/builders.js';

describe('a slot that two NodeENIs want', () => {
  const older = nodeEni({ name: 'older', createdAt: '2025-01-01T00:00:00Z' });
  const younger = nodeEni({ name: 'a-younger', createdAt: '2025-06-01T00:00:00Z' });
  const nodes = [node(1)];

  it('goes to the older one, and to the first name of the same age', () => {
    const twin = nodeEni({ name: 'a-twin', createdAt: older.createdAt });

    const byAge = planAttachments(view({ nodes, nodeEnis: [younger, older] }));
    const byName = planAttachments(view({ nodes, nodeEnis: [older, twin] }));

    assert.deepEqual(
      byAge.create.map((spec) => spec.nodeEni.name),
      ['older'],
    );
    assert.deepEqual(
      byAge.conflicts.map(({ pair, winner }) => [pair.nodeEni.name, winner]),
      [['a-younger', 'older']],
    );
    assert.deepEqual(
      byName.create.map((spec) => spec.nodeEni.name),
      ['a-twin'],
    );
  });

  it('stays with the one whose Attachment exists', () => {
    const held = settled(view({ nodes, nodeEnis: [younger] }));

    const planned = planAttachments({ ...held, nodeEnis: [older, ...held.nodeEnis] });

    assert.equal(size(planned), 0);
    assert.deepEqual(
      planned.conflicts.map(({ winner }) => winner),
      ['a-younger'],
    );
  });

  it('takes no ENI from a NodeENI that moves to a slot of another', () => {
    const moving = nodeEni({ name: 'moving', spec: { deviceIndex: 2 } });
    const before = settled(view({ nodes, nodeEnis: [older, moving] }));
    const moved = before.nodeEnis.map((one) =>
      one.name === 'moving' ? { ...one, spec: { ...one.spec, deviceIndex: older.spec.deviceIndex } } : one,
    );

    const plan = planAttachments({ ...before, nodeEnis: moved });

    assert.equal(size(plan), 0);
    assert.deepEqual(
      plan.conflicts.map(({ pair, winner }) => [pair.nodeEni.name, winner]),
      [['moving', 'older']],
    );
  });

  it('goes to the loser once it is free', () => {
    const held = settled(view({ nodes, nodeEnis: [older, younger] }));
    const nodeEnis = held.nodeEnis.filter(({ name }) => name !== 'older');
    const released = { ...held, nodeEnis, attachments: [] };

    assert.deepEqual(
      planAttachments(released).create.map((spec) => spec.nodeEni.name),
      ['a-younger'],
    );
  });
});

describe('a pair with two Attachments, as two watchers can make them', () => {
  it('loses the one that is in no slot of its NodeENI, in whatever order they come', () => {
    const before = fleet(1);
    const [good] = before.attachments;
    assert.ok(good);
    const stray = stored({ ...good.spec, deviceIndex: 5 }, { status: good.status });

    for (const attachments of [
      [good, stray],
      [stray, good],
    ]) {
      assert.deepEqual(removals(planAttachments({ ...before, attachments })), ['node-1.0.5 replaced']);
    }
  });
});

describe('a pause', () => {
  it('freezes everything but its own flag, removal included', () => {
    const before = edited(fleet(1), { subnetIds: ['subnet-b'] });
    for (const frozen of [
      { ...before, nodeEnis: before.nodeEnis.map((one) => ({ ...one, paused: true })) },
      { ...before, nodes: [node(1, { paused: true, labels: {} })] },
      { ...before, nodeEnis: before.nodeEnis.map((one) => ({ ...one, paused: true, deleting: true })) },
    ]) {
      const planned = planAttachments(frozen);

      assert.deepEqual(removals(planned), []);
      assert.deepEqual(
        planned.update.map(({ spec }) => [spec.paused, spec.subnetIds]),
        [[true, ['subnet-a']]],
      );
      assert.equal(size(planAttachments(carriedOut(frozen, planned))), 0);
    }
  });

  it('lets no Attachment begin', () => {
    assert.equal(size(planAttachments(view({ nodes: [node(1)], nodeEnis: [nodeEni({ paused: true })] }))), 0);
  });

  it('ends with its flag, also for what is being removed or replaced', () => {
    const paused = settled(fleet(1), {});
    const flagged = paused.attachments.map((one) => ({ ...one, spec: { ...one.spec, paused: true } }));
    const going = flagged.map((one) => ({ ...one, deleting: true }));

    for (const attachments of [flagged, going]) {
      const [update] = planAttachments({ ...paused, attachments }).update;
      assert.equal(update?.spec.paused, false);
    }
    const [rolled] = planAttachments({ ...edited(paused, { deviceIndex: 2 }), attachments: flagged }).update;
    assert.equal(rolled?.spec.paused, false);
  });
});

describe('a pair on its way out', () => {
  const policy = { type: 'ForceAfterTimeout', timeoutSeconds: 90 } as const;

  it('hears when its NodeENI lets the detach be forced, and when no more', () => {
    const before = settled(fleet(1), {});
    const attachments = before.attachments.map((one) => ({ ...one, deleting: true }));
    const allowed = { ...edited(before, { detachPolicy: policy }), attachments };

    const planned = planAttachments(allowed);

    assert.deepEqual(
      planned.update.map(({ spec }) => spec.forceDetachAfterSeconds),
      [90],
    );
    const told = carriedOut(allowed, planned);
    assert.equal(size(planAttachments(told)), 0);
    const [taken] = planAttachments({ ...told, nodeEnis: before.nodeEnis }).update;
    assert.equal(taken?.spec.forceDetachAfterSeconds, null);
  });

  it('keeps what it was told when its NodeENI is gone', () => {
    const before = settled(fleet(1), {});
    const attachments = before.attachments.map((one) => ({
      ...one,
      deleting: true,
      spec: { ...one.spec, forceDetachAfterSeconds: 90 },
    }));

    assert.equal(size(planAttachments({ ...before, attachments, nodeEnis: [] })), 0);
  });
});

describe('a NodeENI that is being deleted', () => {
  it('loses its finalizer when no Attachment of its UID is left, and not before', () => {
    const before = fleet(1);
    const deleting = { ...before, nodeEnis: before.nodeEnis.map((one) => ({ ...one, deleting: true })) };

    const first = planAttachments(deleting);
    const last = planAttachments({ ...deleting, attachments: [] });

    assert.deepEqual(removals(first), ['node-1.0.1 unmatched']);
    assert.deepEqual([first.removeFinalizer.length, last.removeFinalizer.length], [0, 1]);
    assert.equal(last.create.length, 0);
  });

  it('never gets a finalizer', () => {
    const nodeEnis = [nodeEni({ deleting: true, hasFinalizer: false })];

    assert.equal(size(planAttachments(view({ nodes: [node(1)], nodeEnis }))), 0);
  });
});
