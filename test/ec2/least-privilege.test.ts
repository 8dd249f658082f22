import assert from 'node:assert/strict';
import {
  AttachNetworkInterfaceCommand,
  CreateTagsCommand,
  DeleteNetworkInterfaceCommand,
  DetachNetworkInterfaceCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { REGION } from '../../dev/stack/ec2.js';
import type { Ec2Call, Ec2Eni, Ec2Policy, Ec2Right } from '../../dev/stack/ec2-types.js';
import { given } from '../../dev/stack/seed.js';
import type { World } from '../../dev/world/world.js';
import { foreignEni } from './support/foreign.js';
import { rightsOf, shippedPolicy, without } from './support/policy.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

/** The access key of the controller, and the cluster's name, in every world. */
const KEY = 'controller';
const CLUSTER = 'e2e';

const CLUSTER_TAG = 'networking.k8s.aws/cluster';
const UID_TAG = 'networking.k8s.aws/attachment-uid';

const AUDIT = { MULTI_ENI_AUDIT_INTERVAL: '5s', MULTI_ENI_ORPHAN_MODE: 'delete', MULTI_ENI_ORPHAN_MIN_AGE: '1s' };

const CHANGED = {
  description: 'changed',
  sourceDestCheck: false,
  deleteOnTermination: false,
  tags: { team: 'b', tier: 'new' },
};

describe('deploy/iam/policy.json', function () {
  this.timeout(150_000);
  let world: World;
  let policy: Ec2Policy;

  withWorld(async (started) => {
    world = started;
    policy = await shippedPolicy(CLUSTER);
    await restart(AUDIT);
  });

  beforeEach(async () => {
    await world.stack.ec2.control.policy(KEY, policy);
  });

  after('go on without a policy, and with the usual audit', async () => {
    await world.stack.ec2.control.policy(KEY, null);
    await restart({});
  });

  it('lets the controller do all that it does, and gives no right that it does not need', async () => {
    const orphan = await made({ [CLUSTER_TAG]: CLUSTER, 'networking.k8s.aws/nodeeni': 'gone', [UID_TAG]: 'gone' });
    const scene = await Scene.prepare(world, 'least', {
      node: { instanceType: 'c5.2xlarge' },
      spec: {
        subnetID: await world.extraSubnet('a'),
        securityGroupIDs: [await world.extraGroup('least')],
        tags: { team: 'a' },
      },
    });
    await scene.begin();
    await scene.untilAttached();

    await configure(scene);
    await adopt(scene);
    await replace(scene);
    await scene.remove();
    await scene.until('the orphan is deleted', 45_000, async () => (await eni(orphan)) === undefined);

    const calls = await world.stack.ec2.control.log({ since: scene.since });
    assert.deepEqual(calls.filter(isRefused), []);
    assert.deepEqual(sorted(await world.stack.ec2.control.relied(KEY)), sorted(rightsOf(policy)));
  });

  it("refuses the same credentials every change of an ENI of the node's, of the VPC CNI's and of another cluster's", async () => {
    const scene = await Scene.prepare(world, 'others');
    const { instanceId } = scene.node;
    const cni = await made({ 'node.k8s.amazonaws.com/instance_id': instanceId });
    const foreign = await made({ [CLUSTER_TAG]: 'another', 'networking.k8s.aws/node': scene.node.name });
    for (const [index, id] of [cni, foreign].entries()) await attach(world.stack.ec2.client, id, instanceId, index + 1);
    const enis = (await enisOf(instanceId)).toSorted((a, b) => slot(a) - slot(b));
    const stranger = new EC2Client({
      endpoint: world.stack.ec2.endpoint,
      region: REGION,
      credentials: { accessKeyId: KEY, secretAccessKey: KEY },
      maxAttempts: 1,
    });

    const answers: string[] = [];
    for (const each of enis) answers.push(...(await Promise.all(changes(stranger, each))));
    stranger.destroy();

    assert.deepEqual(
      enis.map(({ primary, tags }) => [primary, Object.keys(tags).length]),
      [
        [true, 0],
        [false, 1],
        [false, 2],
      ],
    );
    assert.equal(answers.length, 5 * enis.length);
    assert.deepEqual(new Set(answers), new Set(['UnauthorizedOperation']));
    assert.deepEqual(
      (await enisOf(instanceId)).toSorted((a, b) => slot(a) - slot(b)),
      enis,
    );
  });

  it('has no right without which everything would still work: each that is taken away stops the pair by name', async () => {
    const scene = await Scene.prepare(world, 'each', {
      node: { instanceType: 'c5.4xlarge' },
      spec: { subnetID: await world.extraSubnet('a'), securityGroupIDs: [await world.extraGroup('each')] },
    });
    const lost: Ec2Right[] = [];
    const miss = async (sid: string, action: string, resource: string, before?: () => Promise<void>): Promise<void> => {
      const right = { sid, action, resource };
      const { lastSeq } = await world.stack.ec2.control.counts();
      await world.stack.ec2.control.policy(KEY, without(policy, right));
      await before?.();
      await untilMissed(scene, right, lastSeq);
      lost.push(right);
    };

    // In the order in which a pair needs them: each time it goes on to the next that it lacks.
    await miss('Read', 'DescribeNetworkInterfaces', '*', async () => scene.begin());
    await miss('Read', 'DescribeInstances', '*');
    await miss('Read', 'DescribeSubnets', '*');
    // Subnet and groups are read at the same time, so that this group is known already.
    const group = await world.extraGroup('each-other');
    await miss('Read', 'DescribeSecurityGroups', '*', async () =>
      world.objects.patchNodeEni('each', { spec: { securityGroupIDs: [group] } }),
    );
    await miss('CreateOurs', 'CreateNetworkInterface', 'network-interface');
    await miss('CreateIn', 'CreateNetworkInterface', 'subnet');
    await miss('CreateIn', 'CreateNetworkInterface', 'security-group');
    await miss('TagAtCreate', 'CreateTags', 'network-interface');
    await miss('ChangeOurs', 'AttachNetworkInterface', 'network-interface');
    await miss('AttachTo', 'AttachNetworkInterface', 'instance');
    await miss('ChangeOurs', 'ModifyNetworkInterfaceAttribute', 'network-interface');
    await miss('AttachTo', 'ModifyNetworkInterfaceAttribute', 'instance');
    await miss('GiveGroups', 'ModifyNetworkInterfaceAttribute', 'security-group', async () =>
      world.objects.patchNodeEni('each', { spec: { securityGroupIDs: [world.group('two')] } }),
    );
    await miss('RetagOurs', 'CreateTags', 'network-interface', async () =>
      world.objects.patchNodeEni('each', { spec: { tags: { team: 'a' } } }),
    );
    await miss('ChangeOurs', 'DetachNetworkInterface', 'network-interface', async () =>
      world.objects.deleteNodeEni('each'),
    );
    await miss('AttachTo', 'DetachNetworkInterface', 'instance');
    await miss('ChangeOurs', 'DeleteNetworkInterface', 'network-interface');
    await world.stack.ec2.control.policy(KEY, policy);
    await scene.untilNothingIsLeft();

    const others = rightsOf(policy).filter(({ action }) => action !== 'DescribeInstanceTypes');
    assert.deepEqual(sorted(lost), sorted(others));
    assert.equal((await scene.made()).length, 1);
  });

  it('lets it look up how many ENIs an instance takes, without which it attaches all the same', async () => {
    const types = { sid: 'Read', action: 'DescribeInstanceTypes', resource: '*' };
    await world.stack.ec2.control.policy(KEY, without(policy, types));

    const scene = await Scene.start(world, 'types', { node: { instanceType: 'c5.9xlarge' } });
    await scene.untilAttached();

    const refused = (await world.stack.ec2.control.log({ since: scene.since })).filter(isRefused);
    assert.deepEqual(new Set(refused.map(({ denied }) => denied)), new Set(['ec2:DescribeInstanceTypes on *']));
    await scene.remove();
  });

  /** The refusal in the log, and in the pair's status. */
  async function untilMissed(scene: Scene, { action, resource }: Ec2Right, since: number): Promise<void> {
    const named = `ec2:${action} on ${resource === '*' ? '*' : 'arn:'}`;
    await scene.until(`${named} ${resource} is missed`, 45_000, async () => {
      const calls = await world.stack.ec2.control.log({ since });
      const found = calls.filter(({ denied }) => denied?.startsWith(named) && denied.includes(resource));
      const [attachment] = await scene.attachments();
      const { phase, reason, message } = attachment?.status ?? {};
      const told = reason === 'PermissionDenied' && String(message).includes(`ec2:${action}`);
      assert.ok(found.length > 0, calls.flatMap(({ denied }) => denied ?? []).join('; '));
      assert.ok(told, `${phase} ${reason} ${String(message)}`);
      return true;
    });
  }

  async function configure(scene: Scene): Promise<void> {
    const groups = [world.group('two')];
    await world.objects.patchNodeEni('least', { spec: { ...CHANGED, securityGroupIDs: groups } });
    await scene.until('the ENI is changed in place', 45_000, async () => {
      const now = await only();
      assert.deepEqual(now.groups, groups);
      assert.equal(now.sourceDestCheck, false);
      assert.equal(now.attachment?.deleteOnTermination, false);
      assert.deepEqual([now.description, now.tags['team'], now.tags['tier']], ['changed', 'b', 'new']);
      return true;
    });
    await scene.untilAttached();
  }

  /** Attachment and workflow are lost while nobody looks, and the ENI is taken over. */
  async function adopt(scene: Scene): Promise<void> {
    const before = await only();
    const [attachment] = await scene.attachments();
    const name = given(attachment?.metadata.name, 'an Attachment');
    const workflowId = `eni:${CLUSTER}:least:${scene.node.name}`;
    await world.killController();
    await world.pairs.temporal(async (client) => client.workflow.getHandle(workflowId).terminate('lost'));
    await world.objects.stripAttachment(name);
    await world.objects.deleteAttachment(name);
    await world.startController(AUDIT);
    await scene.until('the ENI has the tag of another Attachment', 45_000, async () => {
      const now = await only();
      return now.id === before.id && now.tags[UID_TAG] !== before.tags[UID_TAG];
    });
    await scene.untilAttached();
  }

  async function replace(scene: Scene): Promise<void> {
    await world.objects.patchNodeEni('least', { spec: { deviceIndex: 2 } });
    await scene.until('the ENI has another device index', 45_000, async () => {
      return (await only()).attachment?.deviceIndex === 2;
    });
    await scene.untilAttached();
  }

  async function only(): Promise<Ec2Eni> {
    const [found, ...more] = await world.pairs.enis('least');
    assert.deepEqual(more, []);
    return given(found, 'an ENI');
  }

  async function eni(id: string): Promise<Ec2Eni | undefined> {
    return (await world.stack.ec2.control.enis()).find((each) => each.id === id);
  }

  async function enisOf(instanceId: string): Promise<Ec2Eni[]> {
    const enis = await world.stack.ec2.control.enis({ primary: true });
    return enis.filter(({ attachment }) => attachment?.instanceId === instanceId);
  }

  /** An ENI that somebody else made. */
  async function made(tags: Readonly<Record<string, string>>): Promise<string> {
    const { id } = await foreignEni(world);
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await world.stack.ec2.client.send(new CreateTagsCommand({ Resources: [id], Tags }));
    return id;
  }

  async function restart(env: Readonly<Record<string, string>>): Promise<void> {
    await world.controller.process.stop();
    await world.startController(env);
  }
});

function isRefused({ code }: Ec2Call): boolean {
  return code === 'UnauthorizedOperation';
}

function sorted(rights: readonly Ec2Right[]): string[] {
  return rights.map(({ sid, action, resource }) => `${sid} ${action} ${resource}`).toSorted();
}

function slot({ attachment }: Ec2Eni): number {
  return attachment?.deviceIndex ?? -1;
}

async function attach(client: EC2Client, id: string, instanceId: string, index: number): Promise<void> {
  await client.send(
    new AttachNetworkInterfaceCommand({
      NetworkInterfaceId: id,
      InstanceId: instanceId,
      DeviceIndex: index,
      NetworkCardIndex: 0,
    }),
  );
}

/** What a controller gone wrong could do to an ENI; the code that EC2 answers to each, or `done`. */
function changes(client: EC2Client, { id, attachment }: Ec2Eni): Promise<string>[] {
  const instanceId = attachment?.instanceId ?? '';
  const retag = { Resources: [id], Tags: [{ Key: CLUSTER_TAG, Value: CLUSTER }] };
  const describe = { NetworkInterfaceId: id, Description: { Value: 'taken over' } };
  return [
    attach(client, id, instanceId, 5),
    client.send(new ModifyNetworkInterfaceAttributeCommand(describe)),
    client.send(new DetachNetworkInterfaceCommand({ AttachmentId: attachment?.id, Force: true })),
    client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id })),
    client.send(new CreateTagsCommand(retag)),
  ].map(async (call) => call.then(() => 'done').catch((error: unknown) => (error as Error).name));
}
