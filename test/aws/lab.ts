import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type _InstanceType, type EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';

import { Ec2Launcher, REGION } from '../../dev/stack/ec2.js';
import { given, seedVpc, type Vpc } from '../../dev/stack/seed.js';
import { createEc2Client } from '../../src/aws/client.js';
import { createEc2, type Ec2 } from '../../src/aws/ec2.js';
import type { CreateIntent } from '../../src/domain/memory.js';
import { eniTags } from '../../src/domain/tags.js';

/** The cluster's name in the tags. */
export const CLUSTER = 'lab';

/** Longer than a busy machine needs; tests of calls without an answer take a shorter one. */
const TIMEOUT_MS = 30_000;

/** The launcher with a network, and our adapter for it. Before every test everything is new but the process. */
export class Lab {
  launcher!: Ec2Launcher;
  vpc!: Vpc;
  ec2!: Ec2;
  #client!: EC2Client;

  /** A lab for the tests of this `describe`. */
  static forTests(): Lab {
    const lab = new Lab();
    const dir = mkdtempSync(join(tmpdir(), 'multi-eni-aws-'));
    before(async function () {
      this.timeout(70_000);
      // The adapter takes credentials from the SDK's chain, as in production.
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'lab', AWS_SECRET_ACCESS_KEY: 'lab' });
      lab.launcher = await Ec2Launcher.start({ dir });
    });
    beforeEach(async () => {
      await lab.launcher.control.reset();
      lab.vpc = await seedVpc(lab.launcher.client, { securityGroups: ['web', 'db'] });
      lab.restart();
    });
    afterEach(() => lab.#client.destroy());
    after(async () => {
      await lab.launcher.stop();
      rmSync(dir, { recursive: true, force: true });
    });
    return lab;
  }

  /** An adapter that knows nothing, as after a restart of the controller. */
  restart(options: { maxSockets?: number; requestTimeoutMs?: number } = {}): void {
    (this.#client as EC2Client | undefined)?.destroy();
    this.#client = createEc2Client({
      region: REGION,
      endpoint: this.launcher.endpoint,
      ...{ maxSockets: 50, requestTimeoutMs: TIMEOUT_MS, connectionTimeoutMs: TIMEOUT_MS },
      ...options,
    });
    this.ec2 = createEc2({ client: this.#client, clusterName: CLUSTER });
  }

  /** The subnet of a zone: `a` or `b`. */
  subnet(zone: 'a' | 'b' = 'a'): string {
    return given(this.vpc.subnetIds[`us-east-1${zone}`], 'CreateSubnet');
  }

  /** The security group of a name: `web` or `db`. */
  group(name: 'web' | 'db'): string {
    return given(this.vpc.securityGroupIds[name], 'CreateSecurityGroup');
  }

  intent(node = 'n1', changes: Partial<CreateIntent> = {}): CreateIntent {
    const owner = { clusterName: CLUSTER, nodeName: node, nodeEniName: 'e1', nodeEniUid: 'u1', attachmentUid: node };
    return {
      ...{ ordinal: 1, subnetId: this.subnet(), securityGroupIds: [this.group('web')], description: 'of the lab' },
      ...{ tags: eniTags(owner, {}) },
      ...changes,
    };
  }

  /** A new ENI's id. */
  async eni(node = 'n1', changes: Partial<CreateIntent> = {}): Promise<string> {
    const { eniId } = await this.ec2.createEni(this.intent(node, changes), crypto.randomUUID());
    return eniId;
  }

  /** A running instance's id. */
  async instance(type: _InstanceType = 'm5.large', zone: 'a' | 'b' = 'a'): Promise<string> {
    const { Instances: instances } = await this.launcher.client.send(
      new RunInstancesCommand({
        ...{ ImageId: 'ami-12c6146b', InstanceType: type, MinCount: 1, MaxCount: 1 },
        SubnetId: this.subnet(zone),
      }),
    );
    return given(instances?.[0]?.InstanceId, 'RunInstances');
  }
}
