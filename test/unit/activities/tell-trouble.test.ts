import assert from 'node:assert/strict';

import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

import { tellingTrouble } from '../../../src/activities/tell-trouble.js';
import { Cloud, CloudFailure } from '../../support/builders-cloud.js';

const THROTTLED = new CloudFailure('transient', 'Throttled', true);

/** The reason in the status after an attempt that failed so, and what came out of it. */
async function afterAttempt(attempt: number, failure: Error, cloud = new Cloud()): Promise<string | undefined> {
  const environment = new MockActivityEnvironment({ attempt }, { logger: new DefaultLogger('ERROR') });
  const work = (): Promise<never> => tellingTrouble(cloud.deps, cloud.target, () => Promise.reject(failure));

  await assert.rejects(environment.run(work), failure);

  return cloud.attachment?.status.reason;
}

describe('a failure that may pass', () => {
  it('is not told of at first', async () => {
    assert.equal(await afterAttempt(2, THROTTLED), undefined);
  });

  it('is in the status from the third attempt on', async () => {
    assert.equal(await afterAttempt(3, THROTTLED), 'Throttled');
  });

  it('is no matter of this when it is definite: the workflow hears of it at once', async () => {
    assert.equal(await afterAttempt(3, new CloudFailure('refused', 'QuotaReached', true)), undefined);
  });

  it('counts more than that it cannot be told', async () => {
    const cloud = new Cloud();
    cloud.attachment = null;

    assert.equal(await afterAttempt(3, THROTTLED, cloud), undefined);
  });
});
