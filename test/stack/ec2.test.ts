import assert from 'node:assert/strict';

import {
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  DescribeNetworkInterfacesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';

import { Ec2Launcher } from '../../dev/stack/ec2.js';
import { eventually } from '../../dev/stack/eventually.js';
import { seedVpc, type Vpc } from '../../dev/stack/seed.js';
import { isAlive, scratchFolder } from './scratch.js';

describe('the fake EC2 of the stack', function () {
  this.timeout(60_000);
  const dir = scratchFolder();
  let ec2: Ec2Launcher;
  let vpc: Vpc;

  before(async () => {
    ec2 = await Ec2Launcher.start({ dir, config: { attach_s: 2 } });
    vpc = await seedVpc(ec2.client);
  });
  after(() => ec2.stop());

  async function createEni(): Promise<string> {
    const reply = await ec2.client.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: vpc.subnetIds['us-east-1a'],
        Groups: Object.values(vpc.securityGroupIds),
        TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'purpose', Value: 'test' }] }],
      }),
    );
    return reply.NetworkInterface?.NetworkInterfaceId ?? '';
  }

  it('starts with the configuration that it is given, and refuses knobs that it does not know', async () => {
    assert.equal((await ec2.control.config()).attach_s, 2);
    assert.equal((await ec2.control.config({ latency_ms: 1 })).latency_ms, 1);

    await assert.rejects(ec2.control.config({ attahc_s: 1 } as never), /refused config: 400 .*attahc_s/);
  });

  it('logs, counts and tells what became of each ENI', async () => {
    const { lastSeq: since } = await ec2.control.counts();

    const eni = await createEni();
    await ec2.client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }));

    const calls = await ec2.control.log({ since });
    assert.deepEqual(
      calls.map(({ action, http, code }) => ({ action, http, code })),
      [
        { action: 'CreateNetworkInterface', http: 200, code: null },
        { action: 'DescribeNetworkInterfaces', http: 200, code: null },
      ],
    );
    const { mutating, total, throttled } = await ec2.control.counts({ since });
    assert.deepEqual({ mutating, total, throttled }, { mutating: 1, total: 2, throttled: 0 });
    const { createdEniIds, events } = await ec2.control.journal({ tag: 'purpose=test' });
    assert.deepEqual(createdEniIds, [eni]);
    assert.equal(events[0]?.event, 'created');
  });

  it('shows an attachment as it goes on in virtual time', async () => {
    const eni = await createEni();
    const { Instances: instances = [] } = await ec2.client.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        InstanceType: 'm5.4xlarge',
        SubnetId: vpc.subnetIds['us-east-1a'],
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    await ec2.client.send(
      new AttachNetworkInterfaceCommand({
        NetworkInterfaceId: eni,
        InstanceId: instances[0]?.InstanceId,
        DeviceIndex: 1,
        NetworkCardIndex: 0,
      }),
    );
    const status = async (): Promise<string | undefined> => {
      return (await ec2.control.enis()).find(({ id }) => id === eni)?.attachment?.status;
    };

    assert.equal(await status(), 'attaching');
    await ec2.control.advance(3);
    assert.equal(await status(), 'attached');
  });

  it('answers with a fault as often as told, and counts its hits', async () => {
    const id = await ec2.control.addFault({
      action: 'CreateNetworkInterface',
      code: 'InsufficientFreeAddressesInSubnet',
    });

    await assert.rejects(createEni(), { name: 'InsufficientFreeAddressesInSubnet' });
    await createEni();

    const fault = (await ec2.control.readFaults()).find((each) => each.id === id);
    assert.equal(fault?.hits, 1);
  });

  it('holds a call until it is released', async () => {
    await ec2.control.faults([{ action: 'CreateNetworkInterface', pause: 'after' }]);

    const creating = createEni();
    await eventually('the call is held', async () => (await ec2.control.held()).length === 1);
    assert.equal(await ec2.control.release(), 1);

    assert.match(await creating, /^eni-/);
  });

  it('goes back to a snapshot, and to nothing', async () => {
    await ec2.control.snapshot(`${dir}/snapshot`);
    const before = (await ec2.control.enis()).length;
    await createEni();

    await ec2.control.restore(`${dir}/snapshot`);
    assert.equal((await ec2.control.enis()).length, before);

    await ec2.control.reset();
    assert.deepEqual(await ec2.control.enis(), []);
    assert.equal((await ec2.control.config()).attach_s, 0);
  });

  it('leaves no process when it is stopped', async () => {
    await ec2.stop();

    assert.equal(isAlive(ec2.pid), false);
  });
});
