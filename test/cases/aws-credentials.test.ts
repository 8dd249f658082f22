import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { World } from '../../dev/world/world.js';
import { createEc2Client } from '../../src/aws/client.js';
import { Scene } from '../ec2/support/scene.js';
import { KeyVendor } from './support/key-vendor.js';
import { restart, withWorld } from './support/shared-world.js';

/** When keys are due for renewal, and when EC2 takes them no more: the time between is the SDK's. */
const RENEW_MS = 2_000;
const GOOD_MS = 5_000;

const CHANGES = 8;
const BETWEEN_MS = 1_000;

describe('temporary AWS credentials', function () {
  this.timeout(180_000);
  let world: World;
  let vendor: KeyVendor;
  let tokenFile: string;
  let refusing: NodeJS.Timeout;

  withWorld(async (started) => {
    world = started;
    vendor = await KeyVendor.start({ renewMs: RENEW_MS });
    tokenFile = join(world.stack.dir, 'web-identity-token');
    refusing = setInterval(() => void refuseOld(), 250);
    return { ...withoutKeys(), AWS_CONTAINER_CREDENTIALS_FULL_URI: `${vendor.url}/keys` };
  });
  after(async () => {
    clearInterval(refusing);
    await world.controller.process.stop();
    await world.stack.ec2.control.config({ refused_access_keys: [] });
    await vendor.stop();
  });

  it('of a container are fetched again before they end (AWS-03)', async () => {
    vendor.prefix = 'container';

    await changeAllTheTime('container', () => undefined);

    assert.ok(vendor.given.length >= 3, `${vendor.given.length} keys were given`);
  });

  it('of a web identity are had by the token that is in the file then (AWS-03)', async () => {
    vendor.prefix = 'web';
    rotate(0);
    const role = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/multi-eni', AWS_ROLE_SESSION_NAME: 'multi-eni' };
    const sts = { AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ENDPOINT_URL_STS: vendor.url };
    const before = vendor.given.length;
    await restart(world, { ...withoutKeys(), ...role, ...sts });

    await changeAllTheTime('web', rotate);

    assert.ok(vendor.given.length >= before + 3, `${vendor.given.length - before} keys were given`);
    assert.equal(vendor.refused, 0);
  });

  it('of EKS Pod Identity are asked for where its agent listens (AWS-03)', async () => {
    const { env } = process;
    process.env = { ...env, ...withoutKeys(), AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/keys' };
    const client = createEc2Client({ region: 'us-east-1', maxSockets: 1 });

    const failure = await client.config.credentials().then(String, String);
    client.destroy();
    process.env = env;

    assert.doesNotMatch(failure, /URL not accepted/); // issue 8101 of the SDK; nobody listens there on this machine
  });

  /** Changes a NodeENI again and again, each time with another token on disk, and asserts that EC2 refused no call. */
  async function changeAllTheTime(name: string, before: (change: number) => void): Promise<void> {
    const scene = await Scene.start(world, name);
    await scene.untilAttached();
    for (let change = 1; change <= CHANGES; change += 1) {
      before(change);
      const description = `change ${change}`;
      await world.objects.patchNodeEni(name, { spec: { description } });
      await scene.until(`EC2 has "${description}"`, 15_000, async () => {
        return (await world.pairs.enis(name))[0]?.description === description;
      });
      await sleep(BETWEEN_MS);
    }
    const calls = await world.stack.ec2.control.log({ since: scene.since });
    const refused = calls.filter(({ code }) => code === 'AuthFailure');
    await scene.remove();

    assert.deepEqual(refused, []);
  }

  function withoutKeys(): Readonly<Record<string, string>> {
    return { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  }

  /** As the kubelet does. */
  function rotate(change: number): void {
    vendor.token = `token-${change}`;
    writeFileSync(`${tokenFile}.new`, vendor.token);
    renameSync(`${tokenFile}.new`, tokenFile);
  }

  /** EC2 takes a key for so long from the first time that it was seen here. */
  const firstSeen = new Map<string, number>();
  async function refuseOld(): Promise<void> {
    const now = performance.now();
    for (const key of vendor.given) firstSeen.set(key, firstSeen.get(key) ?? now);
    const old = [...firstSeen].filter(([, since]) => now - since > GOOD_MS).map(([key]) => key);
    await world.stack.ec2.control.config({ refused_access_keys: ['controller', ...old] });
  }
});
