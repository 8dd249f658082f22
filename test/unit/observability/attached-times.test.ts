import assert from 'node:assert/strict';

import { AttachedTimes } from '../../../src/observability/attached-times.js';

const CREATED = { uid: 'u1', createdAt: '2026-01-01T00:00:00Z', status: {} };
const ATTACHED = { ...CREATED, status: { attachedAt: '2026-01-01T00:00:04.500Z' } };

describe('the times to attached', () => {
  let seen: number[];
  let times: AttachedTimes;

  beforeEach(() => {
    seen = [];
    times = new AttachedTimes((seconds) => seen.push(seconds));
  });

  it('are measured once for each Attachment, from its creation to its first attachment', () => {
    times.begin();
    times.changed('a', CREATED);
    times.changed('a', ATTACHED);
    times.changed('a', CREATED);
    times.changed('a', { ...ATTACHED, status: { attachedAt: '2026-01-01T09:00:00Z' } });

    assert.deepEqual(seen, [4.5]);
  });

  it('leave out what was there before: it may have been attached earlier', () => {
    times.changed('a', CREATED);
    times.begin();
    times.changed('a', ATTACHED);

    assert.deepEqual(seen, []);
  });

  it('are measured anew for the next Attachment of the name', () => {
    times.begin();
    times.changed('a', ATTACHED);
    times.deleted('a');
    times.changed('a', ATTACHED);
    times.changed('a', { ...ATTACHED, uid: 'u2' });

    assert.deepEqual(seen, [4.5, 4.5, 4.5]);
  });

  it('are never negative, though the creation is known to the second only', () => {
    times.begin();
    times.changed('a', { ...CREATED, status: { attachedAt: '2025-12-31T23:59:59.900Z' } });

    assert.deepEqual(seen, [0]);
  });
});
