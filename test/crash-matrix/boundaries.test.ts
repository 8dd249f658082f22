import assert from 'node:assert/strict';

import { batches, everyBoundary, sample } from '../../dev/crash-matrix/boundaries.js';
import { type LifeCall, nameOf } from '../../dev/crash-matrix/calls.js';
import { holdsUpWatcher } from '../../dev/crash-matrix/kubernetes-calls.js';

function life(): LifeCall[] {
  const ofWatcher = ['create Attachment', 'update Attachment', 'delete Attachment'];
  const others = Array.from({ length: 20 }, (_, index) => `Call${index}`);
  return [...ofWatcher, ...others].map((what) => ({
    ...{ phase: 'make', service: 'EC2', what, isWrite: true, key: what, writesBefore: 0 },
  }));
}

describe('the boundaries of a life', () => {
  it('are three for each call', () => {
    const names = everyBoundary(life().slice(0, 1)).map(nameOf);

    assert.deepEqual(names, [
      'make: EC2 create Attachment: before',
      'make: EC2 create Attachment: after',
      'make: EC2 create Attachment: lost',
    ]);
  });

  it('are in the sample once for each call, at all stages, and hold up the watcher in one kill alone', () => {
    const chosen = sample(life());

    assert.deepEqual(
      chosen.map(({ call }) => call),
      life(),
    );
    assert.deepEqual(new Set(chosen.map(({ stage }) => stage)), new Set(['before', 'after', 'lost']));
    const held = chosen.filter(({ call, stage }) => holdsUpWatcher(call.what) && stage !== 'lost');
    assert.equal(held.length, 1);
  });
});

describe('batches', () => {
  const all = everyBoundary(life());

  it('have every boundary once', () => {
    const found = batches(all).flatMap(({ boundaries }) => boundaries.map(nameOf));

    assert.deepEqual(found.toSorted(), all.map(nameOf).toSorted());
  });

  it('hold up the watcher once in each kill, and are no larger than allowed', () => {
    for (const { kind, boundaries } of batches(all, { kill: 8, lost: 5 })) {
      const ofWatcher = boundaries.filter(({ call }) => holdsUpWatcher(call.what));

      assert.ok(boundaries.length <= (kind === 'kill' ? 9 : 5), `${kind}: ${boundaries.length}`);
      assert.ok(kind === 'lost' || ofWatcher.length <= 1);
      assert.ok(boundaries.every(({ stage }) => (stage === 'lost') === (kind === 'lost')));
    }
  });

  it('have at most one sweep of the audit in each kill', () => {
    const sweeps = life().map((call): LifeCall => ({ ...call, phase: 'sweep', what: `sweep ${call.what}` }));

    const found = batches([...all, ...everyBoundary(sweeps.slice(0, 3))]).filter(({ kind }) => kind === 'kill');

    const counts = found.map(({ boundaries }) => boundaries.filter(({ call }) => call.phase === 'sweep').length);
    assert.deepEqual(
      counts.filter((count) => count > 0),
      [1, 1, 1, 1, 1, 1],
    );
  });

  it('are none for no boundary', () => {
    assert.deepEqual(batches([]), []);
  });
});
