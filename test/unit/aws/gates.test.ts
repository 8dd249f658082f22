import assert from 'node:assert/strict';

import { Ec2Error, toEc2Failure } from '../../../src/aws/errors.js';
import { CreateGate } from '../../../src/aws/gates.js';
import { ec2Answer } from './fake-client.js';
import { FakeClock } from './fake-clock.js';

const FULL = toEc2Failure(ec2Answer('InsufficientFreeAddressesInSubnet'), 'CreateNetworkInterface');
const QUOTA = toEc2Failure(ec2Answer('NetworkInterfaceLimitExceeded'), 'CreateNetworkInterface');

/** Tries a create that would end so. Resolves with whether EC2 was called, and the failure. */
async function attempt(
  gate: CreateGate,
  subnetId: string,
  failure?: Error,
): Promise<{ called: boolean; reason: string | null; retryAfterMs: number | undefined }> {
  let called = false;
  try {
    await gate.run(subnetId, async () => {
      called = true;
      if (failure !== undefined) throw failure;
    });
    return { called, reason: null, retryAfterMs: undefined };
  } catch (error) {
    if (!(error instanceof Ec2Error)) throw error;
    return { called, reason: error.reason, retryAfterMs: error.retryAfterMs };
  }
}

describe('the gate of creates', () => {
  it('stays shut for a full subnet for two minutes, and for that one alone', async () => {
    const clock = new FakeClock();
    const gate = new CreateGate(clock);

    assert.deepEqual(await attempt(gate, 'a', FULL), { called: true, reason: 'SubnetFull', retryAfterMs: 120_000 });
    await clock.advance(50_000);
    assert.deepEqual(await attempt(gate, 'a'), { called: false, reason: 'SubnetFull', retryAfterMs: 70_000 });
    assert.equal(gate.isFull('a'), true);
    assert.equal((await attempt(gate, 'b')).called, true);

    await clock.advance(70_000);
    assert.equal(gate.isFull('a'), false);
    assert.equal((await attempt(gate, 'a')).called, true);
  });

  it('stays shut for all subnets for about a minute when the quota is reached', async () => {
    const clock = new FakeClock();
    const gate = new CreateGate(clock);
    clock.chance = 1;

    assert.deepEqual(await attempt(gate, 'a', QUOTA), { called: true, reason: 'QuotaReached', retryAfterMs: 72_000 });
    await clock.advance(71_999);
    assert.deepEqual(await attempt(gate, 'b'), { called: false, reason: 'QuotaReached', retryAfterMs: 1 });
    await clock.advance(1);
    assert.equal((await attempt(gate, 'b')).called, true);
  });

  it('opens when a create that was under way works', async () => {
    const clock = new FakeClock();
    const gate = new CreateGate(clock);
    let finish = (): void => undefined;
    const underWay = gate.run('a', async () => new Promise<void>((resolve) => (finish = resolve)));
    await attempt(gate, 'a', QUOTA);
    await attempt(gate, 'a', FULL);
    finish();
    await underWay;

    assert.equal((await attempt(gate, 'a')).called, true);
  });

  it('does not mind other failures', async () => {
    const gate = new CreateGate(new FakeClock());
    await attempt(gate, 'a', toEc2Failure(ec2Answer('RequestLimitExceeded', '', 503), 'CreateNetworkInterface'));
    await assert.rejects(
      gate.run('a', () => Promise.reject(new TypeError('defect'))),
      TypeError,
    );

    assert.equal((await attempt(gate, 'a')).called, true);
  });
});
