import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';

import { DescribeInstancesCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';

import { seedNode, seedNodes } from '../../dev/stack/nodes.js';
import { seedVpc, type Vpc } from '../../dev/stack/seed.js';
import { startStack, type Stack } from '../../dev/stack/stack.js';
import { isAlive } from './scratch.js';

describe('the local stack', function () {
  this.timeout(60_000);
  const lines: string[] = [];
  let stack: Stack;
  let vpc: Vpc;

  before(async () => {
    stack = await startStack({ clusterName: 'test', log: (line) => lines.push(line) });
    vpc = await seedVpc(stack.ec2.client, { securityGroups: ['one', 'two'] });
  });
  after(() => stack.stop());

  it('tells when each part is ready', () => {
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? '', /^\w+ is ready after \d+\.\d s$/);
  });

  it('hands the controller everything it needs in its environment', () => {
    const env = stack.env();

    assert.equal(env['TEMPORAL_ADDRESS'], stack.temporal.address);
    assert.equal(env['AWS_ENDPOINT_URL_EC2'], stack.ec2.endpoint);
    assert.equal(env['MULTI_ENI_CLUSTER_NAME'], 'test');
    assert.ok(existsSync(env['KUBECONFIG'] ?? ''));
  });

  it('has a subnet in each zone, with room for thousands of ENIs', async () => {
    const { Subnets: subnets = [] } = await stack.ec2.client.send(
      new DescribeSubnetsCommand({ SubnetIds: Object.values(vpc.subnetIds) }),
    );

    assert.deepEqual(subnets.map(({ AvailabilityZone: zone }) => zone).sort(), ['us-east-1a', 'us-east-1b']);
    assert.ok(subnets.every(({ AvailableIpAddressCount: free = 0 }) => free > 4000));
    assert.deepEqual(Object.keys(vpc.securityGroupIds), ['one', 'two']);
  });

  it('makes a node of an instance and an object that names it', async () => {
    const made = await seedNode(stack, vpc, { name: 'single', zone: 'us-east-1b', labels: { ng: 'multi-eni' } });

    const node = await stack.kubernetes.core.readNode({ name: 'single' });
    assert.equal(node.spec?.providerID, `aws:///us-east-1b/${made.instanceId}`);
    const { uid, labels = {} } = node.metadata ?? {};
    assert.equal(uid, made.uid);
    assert.equal(labels['topology.kubernetes.io/zone'], 'us-east-1b');
    assert.equal(labels['ng'], 'multi-eni');
    const { Reservations: reservations = [] } = await stack.ec2.client.send(
      new DescribeInstancesCommand({ InstanceIds: [made.instanceId] }),
    );
    const instance = reservations[0]?.Instances?.[0];
    assert.equal(instance?.SubnetId, vpc.subnetIds['us-east-1b']);
    assert.equal(instance?.InstanceType, 'm5.4xlarge');
  });

  it('makes many nodes with few calls, in the order asked for', async () => {
    const specs = Array.from({ length: 60 }, (_, index) => {
      return { name: `node-${index}`, zone: index % 2 === 0 ? 'us-east-1a' : 'us-east-1b' };
    });

    const nodes = await seedNodes(stack, vpc, specs);

    assert.deepEqual(
      nodes.map(({ name, zone }) => ({ name, zone })),
      specs,
    );
    assert.equal(new Set(nodes.map(({ instanceId }) => instanceId)).size, 60);
  });

  it('leaves neither a process nor its folder when it is stopped', async () => {
    const pids = [stack.temporal.pid, stack.kubernetes.pid, stack.ec2.pid];

    await stack.stop();

    assert.deepEqual(pids.filter(isAlive), []);
    assert.equal(existsSync(stack.dir), false);
  });

  it('that lacks a part takes the others down and says why', async () => {
    const attach_s = -1;

    await assert.rejects(startStack({ ec2: { attach_s } }), /the EC2 launcher ended before it was ready[^]*attach_s/);
  });
});
