import assert from 'node:assert/strict';

import { Ledger } from '../../dev/soak/ledger.js';
import type { Ec2Event } from '../../dev/stack/ec2-types.js';
import { type Happening, journal, tagsOf } from './builders.js';

const PLACE = { instanceId: 'i-1', deviceIndex: 1 };

/** What a journal broke, as `kind: what`. */
function broken(
  events: readonly Ec2Event[],
  options: { from?: number; terminated?: readonly string[] } = {},
): string[] {
  const { from = 0, terminated = [] } = options;
  const ledger = new Ledger({ clusterName: 'soak', from, isTerminated: (id) => terminated.includes(id) });
  return events.flatMap((event) => ledger.take(event)).map(({ kind, what }) => `${kind}: ${what}`);
}

describe('the rules of a run', () => {
  it('hold in a whole life, and in a second one after it', () => {
    const life = (eniId: string): Happening[] => [
      { event: 'created', eniId, tags: tagsOf('uid-1') },
      { event: 'attaching', eniId, ...PLACE },
      { event: 'attached', eniId, ...PLACE },
      { event: 'modified', eniId, attribute: 'Attachment', value: true },
      { event: 'detaching', eniId, ...PLACE },
      { event: 'detached', eniId, ...PLACE },
      { event: 'deleted', eniId },
    ];

    assert.deepEqual(broken(journal(...life('eni-1'), ...life('eni-2'))), []);
  });

  it('are broken by a second ENI of one Attachment', () => {
    const found = broken(
      journal(
        { event: 'created', eniId: 'eni-1', tags: tagsOf('uid-1') },
        { event: 'created', eniId: 'eni-2', tags: tagsOf('uid-1') },
      ),
    );

    assert.deepEqual(found, ['doubled: created eni-2: eni-1 exists for the same Attachment uid-1']);
  });

  it('are broken by two attached ENIs of one pair, whatever their Attachments', () => {
    const found = broken(
      journal(
        { event: 'created', eniId: 'eni-1', tags: tagsOf('uid-1') },
        { event: 'attached', eniId: 'eni-1', ...PLACE },
        { event: 'created', eniId: 'eni-2', tags: tagsOf('uid-2') },
        { event: 'attached', eniId: 'eni-2', instanceId: 'i-2', deviceIndex: 1 },
      ),
    );

    assert.deepEqual(found, ['doubled: attached eni-2: eni-1 is attached for the same pair']);
  });

  it('are broken by an adoption that makes two ENIs of one Attachment', () => {
    const found = broken(
      journal(
        { event: 'created', eniId: 'eni-1', tags: tagsOf('uid-1') },
        { event: 'created', eniId: 'eni-2', tags: tagsOf('uid-2') },
        { event: 'tagged', eniId: 'eni-1', tags: tagsOf('uid-2') },
      ),
    );

    assert.deepEqual(found, ['doubled: tagged eni-1: eni-2 exists for the same Attachment uid-2']);
  });

  for (const event of ['modified', 'tagged', 'detaching', 'detached', 'deleted']) {
    it(`are broken when an ENI without our tag is ${event}`, () => {
      const events = journal(
        { event: 'created', eniId: 'eni-9', tags: { Name: 'theirs' }, primary: true },
        { event, eniId: 'eni-9', ...PLACE },
      );

      assert.deepEqual(broken(events), [`wrong: ${event} eni-9: it does not carry our cluster's tag`]);
    });
  }

  it('let the end of an instance take its ENIs away', () => {
    const events = journal(
      { event: 'created', eniId: 'eni-9', tags: {}, primary: true },
      { event: 'attached', eniId: 'eni-9', instanceId: 'i-1', deviceIndex: 0, primary: true },
      { event: 'detached', eniId: 'eni-9', instanceId: 'i-1', deviceIndex: 0 },
      { event: 'deleted', eniId: 'eni-9' },
    );

    assert.deepEqual(broken(events, { terminated: ['i-1'] }), []);
    assert.deepEqual(broken(events), [
      'wrong: detached eni-9: device index 0 was detached',
      "wrong: detached eni-9: it does not carry our cluster's tag",
      "wrong: deleted eni-9: it does not carry our cluster's tag",
    ]);
  });

  it('are broken by an ENI of ours at device index 0', () => {
    const events = journal(
      { event: 'created', eniId: 'eni-1', tags: tagsOf('uid-1') },
      { event: 'attached', eniId: 'eni-1', instanceId: 'i-1', deviceIndex: 0 },
    );

    assert.deepEqual(broken(events), ['wrong: attached eni-1: it is at device index 0']);
  });

  it('are broken by an ENI that gets its tags later', () => {
    const { 'node.k8s.amazonaws.com/no_manage': later, ...first } = tagsOf('uid-1');
    const events = journal(
      { event: 'created', eniId: 'eni-1', tags: first },
      { event: 'tagged', eniId: 'eni-1', tags: { 'node.k8s.amazonaws.com/no_manage': later ?? '' } },
    );

    assert.deepEqual(broken(events), [
      'wrong: created eni-1: it was made without the tags node.k8s.amazonaws.com/no_manage',
    ]);
  });

  it('do not concern what the run itself prepared', () => {
    const events = journal(
      { event: 'created', eniId: 'eni-9', tags: {} },
      { event: 'tagged', eniId: 'eni-9', tags: { Name: 'theirs' } },
    );

    assert.deepEqual(broken(events, { from: 2 }), []);
  });

  it('know an ENI as ours that was made and deleted between two looks', () => {
    const ledger = new Ledger({ clusterName: 'soak', from: 0, isTerminated: () => false });
    const events = journal(
      { event: 'created', eniId: 'eni-1', tags: tagsOf('uid-1') },
      { event: 'deleted', eniId: 'eni-1' },
      { event: 'created', eniId: 'eni-9', tags: {} },
    );

    for (const event of events) ledger.take(event);

    assert.deepEqual([...ledger.ours], ['eni-1']);
  });
});
