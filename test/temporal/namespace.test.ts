import assert from 'node:assert/strict';

import { World, type WorldOptions } from '../../dev/world/world.js';
import { pairsOf } from '../../dev/world/pairs-of.js';

/** Ten are what the namespace of a server on SQL takes. */
const TAKEN = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`Theirs${index}`, 'Keyword' as const]));

/** Above what the SDK's pollers need, and far below what many starts at once ask for. */
const CALLS_A_SECOND = '60';
const MANY = 120;

/** What a namespace may be like that is not made for the controller alone, and how many pairs are tried on it. */
const NAMESPACES: readonly { title: string; pairs: number; temporal: NonNullable<WorldOptions['temporal']> }[] = [
  { title: 'has no room for a search attribute', pairs: 2, temporal: { searchAttributes: TAKEN } },
  {
    title: 'allows few calls a second',
    pairs: MANY,
    temporal: {
      dynamicConfig: { 'frontend.namespaceRPS': CALLS_A_SECOND, 'frontend.namespaceBurstRatio': '1.0' },
    },
  },
];

describe('a Temporal namespace', function () {
  this.timeout(240_000);

  for (const { title, pairs, temporal } of NAMESPACES) {
    it(`that ${title} serves ${pairs} pairs all the same`, async () => {
      const world = await World.start({ env: { MULTI_ENI_AUDIT_INTERVAL: '1h' }, temporal });
      try {
        const nodes = await pairsOf(world, 'odd', pairs);
        await world.pairs.untilAttached('odd', nodes, 150_000);
        const made = await Promise.all(nodes.map((node) => world.pairs.everMade('odd', node)));
        await world.objects.deleteNodeEni('odd');
        await world.pairs.untilGone('odd', 90_000);

        assert.deepEqual(
          made.map((ids) => ids.length),
          nodes.map(() => 1),
        );
        assert.deepEqual(await world.pairs.enis('odd'), []);
      } finally {
        await world.stop();
      }
    });
  }
});
