import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { Attachment } from '../../../src/domain/attachment.js';
import { driftOf, type Drift } from '../../../src/domain/audit/drift.js';
import { leaked, sight, SIGHTINGS_LIMIT, type Sightings } from '../../../src/domain/audit/sightings.js';
import { countDrifts, survey } from '../../../src/domain/audit/survey.js';
import { unownedEnis } from '../../../src/domain/audit/unowned.js';
import type { EniFacts } from '../../../src/domain/observation.js';
import { TAG_KEYS } from '../../../src/domain/tags.js';
import { attachment, CLUSTER, ENI, eni, inSlot, NOW, tagsOf } from '../../support/builders.js';

const AGES_AGO = '2025-12-31T12:00:00Z';
const LISTING = { clusterName: CLUSTER, listedAt: NOW };

/** A pair that says that all is well. */
function settled(changes: Parameters<typeof attachment>[0] = {}): Attachment {
  const bare = attachment(changes);
  const status = { phase: 'Attached', eniId: ENI, observedGeneration: bare.generation, lastUpdated: AGES_AGO } as const;
  return { ...bare, status: { ...status, ...changes.status } };
}

/** Its ENI, as the spec wants it. */
function right(changes: Partial<EniFacts> = {}): EniFacts {
  return eni({ attachment: inSlot(), ...changes });
}

describe('drift', () => {
  const rows: readonly [string, readonly EniFacts[], readonly Drift[]][] = [
    ['none when all is as wanted', [right()], []],
    ['a missing ENI', [], ['missing']],
    ['a second ENI', [right(), right({ eniId: 'eni-2' })], ['duplicate']],
    ['an ENI that is attached to nothing', [right({ attachment: null })], ['detached']],
    ['an ENI that is being detached', [right({ attachment: inSlot({ status: 'detaching' }) })], ['detached']],
    ['an ENI on another instance', [right({ attachment: inSlot({ instanceId: 'i-other' }) })], ['misplaced']],
    ['an ENI at another device index', [right({ attachment: inSlot({ deviceIndex: 3 }) })], ['misplaced']],
    ['another ENI than the one on record', [right({ eniId: 'eni-2' })], ['missing']],
    ['other security groups', [right({ securityGroupIds: ['sg-9'] })], ['securityGroupIds']],
    ['deleteOnTermination', [right({ attachment: inSlot({ deleteOnTermination: false }) })], ['deleteOnTermination']],
    ['the source/destination check', [right({ sourceDestCheck: false })], ['sourceDestCheck']],
    ['the description', [right({ description: 'mine' })], ['description']],
    ['a tag', [right({ tags: { ...right().tags, [TAG_KEYS.cniNoManage]: 'false' } })], ['tags']],
    ['several at once', [right({ description: 'mine', sourceDestCheck: false })], ['sourceDestCheck', 'description']],
  ];
  for (const [title, enis, drifts] of rows) {
    it(`finds ${title}`, () => {
      assert.deepEqual(driftOf(settled(), enis, LISTING), drifts);
    });
  }

  const silent: readonly [string, Attachment][] = [
    ['is on its way', settled({ status: { phase: 'Attaching' } })],
    ['is blocked', settled({ status: { phase: 'Blocked' } })],
    ['is being deleted', settled({ deleting: true })],
    ['is paused', settled({ spec: { paused: true } })],
    ['has a newer spec than its status', settled({ generation: 7, status: { observedGeneration: 6 } })],
    ['has changed while EC2 was listed', settled({ status: { lastUpdated: new Date(NOW).toISOString() } })],
    ['does not say when it changed', settled({ status: { lastUpdated: undefined } })],
  ];
  for (const [title, pair] of silent) {
    it(`is not looked for when the pair ${title}: its workflow sees to it`, () => {
      assert.deepEqual(driftOf(pair, [], LISTING), []);
    });
  }

  it('of groups by name is told by the ids that the pair resolved last', () => {
    const named = { securityGroupIds: [], securityGroupNames: ['web'] };
    const pair = settled({ spec: named, status: { securityGroupIds: ['sg-web'] } });

    assert.deepEqual(driftOf(pair, [right({ securityGroupIds: ['sg-web'] })], LISTING), []);
    assert.deepEqual(driftOf(pair, [right({ securityGroupIds: ['sg-9'] })], LISTING), ['securityGroupIds']);
    assert.deepEqual(driftOf(settled({ spec: named }), [right({ securityGroupIds: ['sg-9'] })], LISTING), []);
  });
});

describe('an ENI without an owner', () => {
  const mine = settled();
  const ofFormer = { ...tagsOf(mine), [TAG_KEYS.attachmentUid]: 'uid-of-a-former-one' };

  it('is one whose Attachment is gone, while its pair has another', () => {
    assert.deepEqual(unownedEnis([right(), eni({ eniId: 'eni-2', tags: ofFormer })], [mine]), [
      eni({ eniId: 'eni-2', tags: ofFormer }),
    ]);
  });

  it('is none that a pair without an ENI will adopt', () => {
    const wanting = settled({ status: { phase: 'Pending', eniId: undefined } });

    assert.deepEqual(unownedEnis([eni({ eniId: 'eni-2', tags: ofFormer })], [wanting]), []);
  });

  it('is none that is on record, whatever its tags', () => {
    assert.deepEqual(unownedEnis([eni({ tags: { [TAG_KEYS.cluster]: CLUSTER } })], [mine]), []);
  });

  it('is told apart by whether it hangs on an instance', () => {
    const free = eni({ eniId: 'eni-2', tags: ofFormer });
    const used = eni({ eniId: 'eni-3', tags: ofFormer, attachment: inSlot({ deviceIndex: 4 }) });

    const found = survey({ ...LISTING, enis: [right(), free, used], attachments: [mine] });

    assert.deepEqual(found, { findings: [], available: [free], attached: [used] });
  });
});

describe('the counts of a survey', () => {
  it('are by kind, without those that did not occur', () => {
    const { findings } = survey({ ...LISTING, enis: [], attachments: [settled()] });

    assert.deepEqual(countDrifts(findings), { missing: 1 });
  });
});

describe('a leak', () => {
  const MINUTE = 60_000;

  it('is what two audits saw in a row, for at least the minimum age', () => {
    const first = sight({}, ['eni-1'], 0);
    assert.deepEqual(leaked({}, first, 0, 0), []);

    const second = sight(first, ['eni-1', 'eni-2'], MINUTE);
    assert.deepEqual(leaked(first, second, MINUTE, MINUTE), ['eni-1']);
    assert.deepEqual(leaked(first, second, 2 * MINUTE, MINUTE), []);
  });

  it('begins anew when an audit did not see it', () => {
    const gone = sight(sight({}, ['eni-1'], 0), [], MINUTE);
    const back = sight(gone, ['eni-1'], 2 * MINUTE);

    assert.deepEqual(leaked(gone, back, MINUTE, 2 * MINUTE), []);
  });

  it('is kept in mind up to a number, the oldest first', () => {
    const ids = (from: number): string[] =>
      Array.from({ length: SIGHTINGS_LIMIT }, (_, index) => `eni-${from + index}`);
    const first = sight({}, ids(0), 0);

    const second = sight(first, ['eni-new', ...ids(0)], MINUTE);

    assert.deepEqual(second, first);
  });

  it('was seen by every audit since its first sighting, whatever the sequence', () => {
    const audits = fc.array(fc.uniqueArray(fc.constantFrom('eni-1', 'eni-2', 'eni-3'), { maxLength: 3 }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(audits, fc.nat(5), (seen, minAge) => {
        let sightings: Sightings = {};
        for (const [time, ids] of seen.entries()) {
          const next = sight(sightings, ids, time);
          for (const eniId of leaked(sightings, next, minAge, time)) {
            const since = seen.slice(0, time + 1).slice(-Math.max(2, minAge + 1));
            assert.ok(since.length >= 2 && since.every((one) => (one as string[]).includes(eniId)), eniId);
          }
          sightings = next;
        }
      }),
    );
  });
});
