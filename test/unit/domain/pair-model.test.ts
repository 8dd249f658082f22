import assert from 'node:assert/strict';

import fc from 'fast-check';

import { Cloud } from '../../support/builders-cloud.js';
import { CloudFailure } from '../../support/builders-ec2.js';
import { attachment, eni, instance } from '../../support/builders.js';
import { PairDriver } from './pair-driver.js';

const LOST = new CloudFailure('transient', 'Ec2Unavailable', false);
const REFUSED = new CloudFailure('refused', 'QuotaReached', true);

type Event = (cloud: Cloud, driver: PairDriver) => void;

/** What may happen to a pair from outside. */
const EVENTS: Readonly<Record<string, Event>> = {
  'new description': (cloud) => cloud.edit({ description: `edit ${cloud.attachment?.generation ?? 0}` }),
  'new tag': (cloud) => cloud.edit({ tags: { team: `t${cloud.attachment?.generation ?? 0}` } }),
  'no source/destination check': (cloud) => cloud.edit({ sourceDestCheck: false }),
  'no deleteOnTermination': (cloud) => cloud.edit({ deleteOnTermination: false }),
  paused: (cloud) => cloud.edit({ paused: true }),
  unpaused: (cloud) => cloud.edit({ paused: false }),
  'Attachment deleted': (cloud) => cloud.remove(),
  'ENI deleted by hand': (cloud) => cloud.enis.delete([...cloud.enis.keys()][0] ?? ''),
  'ENI detached by hand': (cloud) => cloud.byHand([...cloud.enis.keys()][0] ?? '', { attachment: null }),
  'ENI changed by hand': (cloud) =>
    cloud.byHand([...cloud.enis.keys()][0] ?? '', { description: 'x', securityGroupIds: [] }),
  'answer of a create lost': (cloud) => cloud.fail('createEni', 'after', LOST),
  'create not sent': (cloud) => cloud.fail('createEni', 'before', LOST),
  'create refused': (cloud) => cloud.fail('createEni', 'before', REFUSED),
  'answer of an attach lost': (cloud) => cloud.fail('attachEni', 'after', LOST),
  'attach refused': (cloud) => cloud.fail('attachEni', 'before', REFUSED),
  'answer of a detach lost': (cloud) => cloud.fail('detachEni', 'after', LOST),
  'answer of a delete lost': (cloud) => cloud.fail('deleteEni', 'after', LOST),
  'configure refused': (cloud) => cloud.fail('configureEni', 'before', REFUSED),
  'instance stopping': (cloud) => (cloud.instance = instance({ state: 'stopping' })),
  'instance away': (cloud) => (cloud.instance = null),
  'instance back': (cloud) => (cloud.instance = instance()),
  'history lost': (_, driver) =>
    (driver.memory = { ...driver.memory, ordinal: null, openCreate: null, eniCreatedAt: null }),
};

describe('a pair in an EC2 where anything may happen', () => {
  const names = fc.array(fc.constantFrom(...Object.keys(EVENTS)), { maxLength: 12 });

  it('never has two ENIs, touches only its own, and comes to rest when all is quiet', async () => {
    await fc.assert(
      fc.asyncProperty(names, async (happening) => {
        const cloud = new Cloud();
        const driver = new PairDriver(cloud, cloud.target);
        cloud.onChange = (call) => {
          if (call !== 'createEni') return;
          assert.ok(cloud.ownedBy(driver.target.uid).length <= 1, 'two ENIs at once');
        };

        for (const name of happening) {
          EVENTS[name]?.(cloud, driver);
          if (EVENTS[name] === EVENTS['history lost'] && cloud.faults.size > 0) continue;
          for (let looks = 0; looks < 2; looks += 1) if ((await driver.look()) !== 'look') break;
          assert.ok(cloud.ownedBy(driver.target.uid).length <= 1, 'two ENIs at once');
        }
        cloud.faults.clear();
        cloud.instance = instance();
        cloud.edit({ paused: false });
        const rest = await driver.settle();

        assert.equal(rest, cloud.attachment === null ? 'done' : 'idle');
        assert.equal(cloud.ownedBy(driver.target.uid).length, cloud.attachment === null ? 0 : 1);
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing once it rests', async () => {
    const cloud = new Cloud();
    const driver = new PairDriver(cloud, cloud.target);
    await driver.settle();
    const before = cloud.calls.length;

    for (let looks = 0; looks < 5; looks += 1) assert.equal(await driver.look(), 'idle');

    assert.equal(cloud.calls.length, before);
  });

  it('leaves everything as it is when all that Temporal knew is lost', async () => {
    const cloud = new Cloud();
    await new PairDriver(cloud, cloud.target).settle();
    const before = cloud.calls.length;

    assert.equal(await new PairDriver(cloud, cloud.target).settle(), 'idle');

    assert.equal(cloud.calls.length, before);
  });

  it('uses another token after an ENI that went, and the same one while the answer is lost', async () => {
    const cloud = new Cloud();
    const driver = new PairDriver(cloud, cloud.target);
    cloud.fail('createEni', 'before', LOST);
    await driver.settle();
    cloud.enis.clear();
    await driver.settle();

    const tokens = cloud.calls.filter((call) => call.startsWith('createEni')).map((call) => call.slice(-1));
    assert.deepEqual(tokens, ['0', '0', '1']);
  });

  it('removes a duplicate and keeps the ENI in the slot', async () => {
    const cloud = new Cloud();
    const driver = new PairDriver(cloud, cloud.target);
    await driver.settle();
    const [kept] = cloud.enis.keys();
    cloud.enis.set('eni-00', eni({ eniId: 'eni-00' }));

    assert.equal(await driver.settle(), 'idle');

    assert.deepEqual([...cloud.enis.keys()], [kept]);
  });

  it('takes over the ENI of a former Attachment without another one being made', async () => {
    const cloud = new Cloud();
    await new PairDriver(cloud, cloud.target).settle();
    const before = [...cloud.enis.keys()];
    cloud.attachment = attachment({ uid: 'b0000000-0000-4000-8000-000000000002' });

    assert.equal(await new PairDriver(cloud, cloud.target).settle(), 'idle');

    assert.deepEqual([...cloud.enis.keys()], before);
    assert.equal(cloud.ownedBy(cloud.attachment.uid).length, 1);
    assert.deepEqual(cloud.changes.filter((call) => call === 'createEni').length, 1);
  });
});
