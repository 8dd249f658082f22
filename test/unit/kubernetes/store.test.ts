import assert from 'node:assert/strict';

import { Store } from '../../../src/kubernetes/store.js';
import { memoryLog } from './fixtures.js';

interface Thing {
  readonly color: string;
}

function thing(name: string, version: number, color = 'red', more: object = {}): object {
  return { metadata: { name, resourceVersion: String(version), ...more }, color };
}

function newStore(): { store: Store<Thing>; told: string[]; log: ReturnType<typeof memoryLog> } {
  const told: string[] = [];
  const log = memoryLog();
  const store = new Store<Thing>({
    parse: (raw) => {
      const { color } = raw as Thing;
      if (color === 'unreadable') throw new Error('what color is that');
      return { color };
    },
    changed: (name) => told.push(`changed ${name}`),
    deleted: (name) => told.push(`deleted ${name}`),
    log,
  });
  return { store, told, log };
}

describe('the store of an informer', () => {
  it('tells of what is new or differs, not of a new version of the same', () => {
    const { store, told } = newStore();
    store.put(thing('a', 1));
    store.put(thing('a', 2));
    store.put(thing('a', 3, 'blue'));

    assert.deepEqual(told, ['changed a', 'changed a']);
  });

  it('never replaces a newer state by an older one, by number and not by text', () => {
    const { store } = newStore();
    store.put(thing('a', 10, 'blue'));
    store.put(thing('a', 9, 'red'));
    store.upsert(thing('a', 9, 'red'));

    assert.deepEqual(store.values(), [{ color: 'blue' }]);
  });

  it('takes the answer to an own write at once', () => {
    const { store, told } = newStore();
    store.replace([], 5n);
    store.upsert(thing('a', 6));

    assert.deepEqual([store.values(), told], [[{ color: 'red' }], ['changed a']]);
  });

  it('does not bring back what the watch has already seen deleted', () => {
    const { store } = newStore();
    store.replace([thing('a', 5)], 5n);
    store.remove(thing('a', 8));
    store.upsert(thing('a', 7, 'blue'));

    assert.deepEqual(store.values(), []);
  });

  it('does not take the answer to the write that let an object go', () => {
    const { store } = newStore();
    store.replace([], 5n);
    store.upsert(thing('a', 6, 'red', { deletionTimestamp: '2026-01-01T00:00:00Z' }));

    assert.deepEqual(store.values(), []);
  });

  it('keeps an own write that is newer than the list, and one that the late news of a deletion cannot mean', () => {
    const { store } = newStore();
    store.replace([], 5n);
    store.upsert(thing('a', 7));
    store.replace([], 6n);
    store.remove(thing('a', 6));

    assert.deepEqual(store.values(), [{ color: 'red' }]);
  });

  it('deletes what a list no longer has', () => {
    const { store, told } = newStore();
    store.replace([thing('a', 1), thing('b', 2)], 5n);
    store.replace([thing('b', 2)], 6n);

    assert.deepEqual(told, ['changed a', 'changed b', 'deleted a']);
  });

  it('believes the list alone when the cluster was restored from a backup', () => {
    const { store } = newStore();
    store.replace([thing('a', 90, 'blue'), thing('b', 91)], 100n);
    store.replace([thing('a', 20, 'red')], 50n);

    assert.deepEqual(store.values(), [{ color: 'red' }]);
  });

  it('logs an object that it cannot read, keeps what it knew of it, and names it', () => {
    const { store, told, log } = newStore();
    store.put(thing('a', 1));
    store.put(thing('a', 2, 'unreadable'));

    assert.deepEqual([store.values(), store.unreadable, told], [[{ color: 'red' }], ['a'], ['changed a']]);
    assert.equal(log.lines[0]?.level, 'error');
    store.remove(thing('a', 3));
    assert.deepEqual(store.unreadable, []);
  });
});
