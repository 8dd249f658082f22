import assert from 'node:assert/strict';

import type { DesiredStatus } from '../../../src/domain/attachment-status.js';
import { statusPatch } from '../../../src/kubernetes/status-patch.js';

const DAY1 = '2026-01-01T00:00:00Z';
const DAY2 = '2026-01-02T00:00:00Z';
const ATTACHED: DesiredStatus = {
  phase: 'Attached',
  attachmentId: 'eni-attach-1',
  eniId: 'eni-1',
  observedGeneration: 1,
};

/** A merge patch, as the API server applies it to the first level of the status. */
function after(status: object, desired: DesiredStatus, now: string): Record<string, unknown> {
  const patch = statusPatch({ status }, desired, now)?.['status'] ?? {};
  return Object.fromEntries(Object.entries({ ...status, ...patch }).filter(([, value]) => value !== null));
}

describe('the patch of an Attachment’s status', () => {
  it('sets lastUpdated, attachedAt and the condition Ready when the ENI becomes attached', () => {
    const status = after({ phase: 'Configuring', reason: 'Throttled' }, ATTACHED, DAY1);

    assert.deepEqual([status['lastUpdated'], status['attachedAt']], [DAY1, DAY1]);
    assert.equal('reason' in status, false);
    const ready = { type: 'Ready', status: 'True', reason: 'Attached', message: '', observedGeneration: 1 };
    assert.deepEqual(status['conditions'], [{ ...ready, lastTransitionTime: DAY1 }]);
  });

  it('is nothing when only times would change', () => {
    const status = after({}, ATTACHED, DAY1);

    assert.equal(statusPatch({ status }, ATTACHED, DAY2), null);
  });

  it('keeps the times of what stays: attachedAt and the transition of Ready', () => {
    const status = after(after({}, ATTACHED, DAY1), { ...ATTACHED, privateIp: '10.0.0.9' }, DAY2);

    assert.deepEqual([status['lastUpdated'], status['attachedAt']], [DAY2, DAY1]);
    assert.equal((status['conditions'] as { lastTransitionTime: string }[])[0]?.lastTransitionTime, DAY1);
  });

  it('clears attachedAt and turns Ready when the ENI is detached', () => {
    const status = after(after({}, ATTACHED, DAY1), { phase: 'Blocked', reason: 'SubnetFull', message: 'full' }, DAY2);

    assert.equal('attachedAt' in status, false);
    assert.equal('eniID' in status, false);
    const [ready] = status['conditions'] as Record<string, string>[];
    assert.deepEqual([ready?.['status'], ready?.['reason'], ready?.['message']], ['False', 'SubnetFull', 'full']);
    assert.equal(ready?.['lastTransitionTime'], DAY2);
  });

  it('keeps attachedAt while a pause holds the pair up, and sets it anew for another attachment', () => {
    const attached = after({}, ATTACHED, DAY1);
    const paused = after(attached, { ...ATTACHED, phase: 'Blocked', reason: 'Paused', message: 'paused' }, DAY2);
    const again = after(attached, { ...ATTACHED, attachmentId: 'eni-attach-2' }, DAY2);

    assert.equal(paused['attachedAt'], DAY1);
    assert.equal(after(paused, ATTACHED, DAY2)['attachedAt'], DAY1);
    assert.equal(again['attachedAt'], DAY2);
  });

  it('leaves the conditions of others alone', () => {
    const other = { type: 'Other', status: 'True', reason: 'Theirs', lastTransitionTime: DAY1 };
    const status = after({ conditions: [other] }, ATTACHED, DAY2);

    assert.deepEqual((status['conditions'] as object[])[0], other);
  });
});
