import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { MigrationView } from '../../../src/domain/migration/cluster-index.js';
import { isOfGoController } from '../../../src/domain/migration/go-controller.js';
import { planMigration } from '../../../src/domain/migration/plan-migration.js';
import { nodeIdentity } from '../../../src/domain/node.js';
import type { EniFacts } from '../../../src/domain/observation.js';
import { TAG_KEYS } from '../../../src/domain/tags.js';
import { CLUSTER, inSlot, node } from '../../support/builders.js';
import { goEni, goNodeEni, goTags, LABELS, migrationView, ourTags } from './migration-view.js';

const flag = fc.boolean();
const often = fc.integer({ min: 0, max: 4 }).map((n) => n > 0);
const nodeEniName = fc.constantFrom('storage', 'storage', 'backup', 'backup', 'gone');
const number = fc.integer({ min: 1, max: 3 });
const subnet = fc.constantFrom('subnet-a', 'subnet-b');

function tagsOf(name: string, nodeName: string, whose: string): Record<string, string> {
  if (whose === 'none') return {};
  if (whose === 'go') return goTags(name, nodeName);
  return ourTags(name, nodeName, whose === 'ours' ? CLUSTER : 'other');
}

/** Mostly on the node that its tags name. */
const anyEni: fc.Arbitrary<Omit<EniFacts, 'eniId'>> = fc
  .record({
    name: nodeEniName,
    whose: fc.constantFrom('go', 'go', 'go', 'go', 'ours', 'other', 'none'),
    of: number,
    on: fc.option(number, { freq: 1 }),
    free: often.map((yes) => !yes),
    at: fc.record({
      deviceIndex: fc.constantFrom(0, 1, 1, 2),
      networkCardIndex: fc.constantFrom(0, 0, 0, 1),
      status: fc.constantFrom('attached', 'attached', 'attached', 'attaching', 'detaching'),
    }),
    eni: fc.record({ subnetId: subnet, sourceDestCheck: flag }),
  })
  .map(({ name, whose, of, on, free, at, eni }) =>
    goEni({
      ...eni,
      tags: tagsOf(name, `node-${of}`, whose),
      attachment: free ? null : inSlot({ ...at, instanceId: `i-0a${on ?? of}` }),
    }),
  );

const anyNodeEni = fc
  .record({
    name: fc.constantFrom('storage', 'backup'),
    deleting: often.map((yes) => !yes),
    createdAt: fc.constantFrom('2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z'),
    spec: fc.record({ deviceIndex: fc.integer({ min: 1, max: 2 }), subnetIds: fc.array(subnet, { minLength: 1 }) }),
  })
  .map((changes) => goNodeEni(changes));

const anyView: fc.Arbitrary<MigrationView> = fc
  .record({
    nodes: fc.uniqueArray(fc.tuple(number, often), { selector: ([n]) => n, minLength: 1 }),
    nodeEnis: fc.uniqueArray(anyNodeEni, { selector: (one) => one.nodeEni.name, minLength: 1 }),
    enis: fc.array(anyEni, { minLength: 2, maxLength: 8 }),
    bySlot: flag,
  })
  .map(({ nodes, enis, ...rest }) =>
    migrationView({
      ...rest,
      nodes: nodes.map(([n, labelled]) => node(n, labelled ? { labels: LABELS } : {})),
      enis: enis.map((eni, place) => ({ ...eni, eniId: `eni-${place}` })),
    }),
  );

/** The view after the plan was carried out. */
function applied(view: MigrationView): MigrationView {
  const tags = new Map(
    planMigration(view).rows.map(({ eni, verdict }) => [eni?.eniId, verdict.kind === 'takeOver' ? verdict.tags : {}]),
  );
  return { ...view, enis: view.enis.map((eni) => ({ ...eni, tags: { ...eni.tags, ...tags.get(eni.eniId) } })) };
}

describe('the plan of any migration', () => {
  it('hands over only attached ENIs of the Go controller, in the slot and subnet that a NodeENI wants of that node', () => {
    let handedOver = 0;

    fc.assert(
      fc.property(anyView, (view) => {
        for (const { eni, verdict } of planMigration(view).rows) {
          if (verdict.kind !== 'takeOver') continue;
          handedOver += 1;
          const { spec, node: of } = verdict.pair;
          assert.ok(eni !== null && isOfGoController(eni.tags) && eni.tags[TAG_KEYS.cluster] === undefined);
          assert.equal(eni.tags['Node'], of.name);
          assert.deepEqual(nodeIdentity(of.providerId), {
            kind: 'ec2',
            zone: spec.zone,
            instanceId: eni.attachment?.instanceId,
          });
          assert.equal(eni.attachment?.status, 'attached');
          assert.ok(eni.attachment.deviceIndex > 0 && eni.attachment.deviceIndex === spec.deviceIndex);
          assert.equal(eni.attachment.networkCardIndex, spec.networkCardIndex);
          assert.ok(spec.subnetIds.includes(eni.subnetId));
        }
      }),
      { numRuns: 500 },
    );

    assert.ok(handedOver > 30, `only ${handedOver} were handed over: the views are too odd to say anything`);
  });

  it('never gives two ENIs to one pair or one slot', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const pairs = planMigration(view).rows.flatMap(({ verdict }) =>
          verdict.kind === 'takeOver' ? [verdict.pair] : [],
        );

        assert.equal(new Set(pairs.map(({ name }) => name)).size, pairs.length);
        assert.equal(new Set(pairs.map((pair) => `${pair.nodeEni.name}/${pair.node.name}`)).size, pairs.length);
      }),
      { numRuns: 500 },
    );
  });

  it('has a row for every ENI, and none twice', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const ids = planMigration(view).rows.flatMap(({ eni }) => eni?.eniId ?? []);

        assert.deepEqual(ids.toSorted(), view.enis.map(({ eniId }) => eniId).toSorted());
      }),
    );
  });

  it('hands over nothing more once it was carried out, and has as ours what it handed over', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const handed = planMigration(view).rows.filter(({ verdict }) => verdict.kind === 'takeOver');

        const again = planMigration(applied(view)).rows;

        assert.deepEqual(
          again.filter(({ verdict }) => verdict.kind === 'takeOver'),
          [],
        );
        const ours = new Set(again.flatMap(({ eni, verdict }) => (verdict.kind === 'ours' ? (eni?.eniId ?? []) : [])));
        for (const { eni } of handed) assert.ok(ours.has(eni?.eniId ?? ''));
      }),
      { numRuns: 500 },
    );
  });
});
