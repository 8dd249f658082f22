import assert from 'node:assert/strict';

import { Turns } from '../../../src/kubernetes/turns.js';

describe('tasks that take turns', () => {
  let turns: Turns;
  let seen: string[];
  let goOn: PromiseWithResolvers<undefined>;

  beforeEach(() => {
    turns = new Turns();
    seen = [];
    goOn = Promise.withResolvers();
  });

  function first(end: () => void = () => undefined): Promise<void> {
    return turns.run('a', async () => {
      seen.push('first begins');
      await goOn.promise;
      seen.push('first ends');
      end();
    });
  }

  it('run one after another about one name, in their order', async () => {
    const one = first();
    const others = ['second', 'third'].map((name) => turns.run('a', async () => seen.push(name)));
    await new Promise(setImmediate);
    const before = [...seen];

    goOn.resolve(undefined);
    await Promise.all([one, ...others]);

    assert.deepEqual(before, ['first begins']);
    assert.deepEqual(seen, ['first begins', 'first ends', 'second', 'third']);
  });

  it('do not wait for those about another name', async () => {
    const one = first();

    assert.equal(await turns.run('b', async () => 'done'), 'done');
    assert.deepEqual(seen, ['first begins']);
    goOn.resolve(undefined);
    await one;
  });

  it('go on after one that fails, which fails for its caller alone', async () => {
    const one = first(() => {
      throw new Error('no');
    });
    const next = turns.run('a', async () => 'done');
    goOn.resolve(undefined);

    await assert.rejects(one, /no/);
    assert.equal(await next, 'done');
  });
});
