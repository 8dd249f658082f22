import assert from 'node:assert/strict';

import { ApiException } from '@kubernetes/client-node';

import { ApiError, describeError, isConflict, isGone, isNotFound, statusCode } from '../../../src/kubernetes/errors.js';

const BODY = JSON.stringify({ kind: 'Status', code: 404, message: 'nodes "n1" not found' });
const NOT_FOUND = new ApiException(404, 'Unknown', BODY, {});

describe('the errors of the API server', () => {
  it('have a status, from a call as from a watch; a broken connection has none', () => {
    assert.deepEqual([NOT_FOUND, new ApiError(410, 'old'), new Error('reset'), null].map(statusCode), [
      404,
      410,
      undefined,
      undefined,
    ]);
    assert.deepEqual([isNotFound(NOT_FOUND), isConflict(NOT_FOUND), isGone(NOT_FOUND)], [true, false, false]);
  });

  it('are described by the message in their body, which is a text', () => {
    assert.equal(describeError(NOT_FOUND), '404 nodes "n1" not found');
  });

  it('are described with their cause, and never at length', () => {
    const error = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });

    assert.equal(describeError(error), 'fetch failed: connect ECONNREFUSED');
    assert.ok(describeError(new Error('x'.repeat(50_000))).length <= 1000);
  });
});
