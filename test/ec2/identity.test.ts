import assert from 'node:assert/strict';
import type { V1Node } from '@kubernetes/client-node';
import { labelNode, seedNode } from '../../dev/stack/nodes.js';
import type { World } from '../../dev/world/world.js';
import { letPass } from './support/pace.js';
import { Scene } from './support/scene.js';
import { withWorld } from './support/with-world.js';

/** Nodes that are no EC2 instances, by their providerID. */
const ODD = {
  fargate: 'aws:///us-east-1a/abc/fargate-ip-10-0-0-1.ec2.internal',
  hybrid: 'eks-hybrid:///us-east-1/c1/mi-0123456789abcdef0',
  kind: 'kind://docker/x/y',
  broken: 'aws:///us-east-1a/i-XYZ',
};

/** A pair has one life in EC2 in so many seconds, however its node flaps; times in Kubernetes are whole seconds, and the call takes its own time. */
const LIFE_S = 28;

const FLAPS = 8;

describe('a node', function () {
  this.timeout(120_000);
  let world: World;
  let flapping: Scene;

  withWorld(async (started) => {
    world = started;
    flapping = await Scene.start(world, 'flap');
    for (let flap = 0; flap < FLAPS; flap += 1) {
      await labelNode(world.stack, flapping.node.name, { flap: null });
      await letPass(0.4);
      await labelNode(world.stack, flapping.node.name, { flap: 'yes' });
      await letPass(0.4);
    }
  });

  it('that is another instance under the same name gets an ENI of its own, and the old one goes', async () => {
    const scene = await Scene.start(world, 'same');
    await scene.untilAttached();
    const [old] = await world.pairs.enis('same');

    const next = await seedNode(world.stack, world.vpc, { name: scene.node.name, labels: { same: 'yes' } });
    await scene.until('the new instance has the only ENI', 60_000, async () => {
      const [eni, ...more] = await world.pairs.enis('same');
      return more.length === 0 && eni?.attachment?.instanceId === next.instanceId;
    });
    await scene.untilAttached();

    assert.equal((await scene.made()).length, 2);
    assert.notEqual((await world.pairs.enis('same'))[0]?.id, old?.id);
    assert.equal((await scene.attachments())[0]?.spec.instanceID, next.instanceId);
    await scene.remove();
  });

  it('that is no EC2 instance is left out and told so once; one without providerID is waited for', async () => {
    const scene = await Scene.prepare(world, 'kinds');
    for (const [name, providerID] of Object.entries({ ...ODD, empty: '' })) await createNode(name, providerID);
    await scene.begin();
    await scene.untilAttached();

    await scene.until('every odd node has an event', 30_000, async () => {
      const told = await events();
      return Object.keys(ODD).every((name) => told.some((event) => event.name === `kinds-${name}`));
    });
    await labelNode(world.stack, 'kinds-kind', { touched: 'yes' });
    await letPass(2);
    const status: Readonly<Record<string, unknown>> = { ...(await world.objects.nodeEni('kinds'))?.status };
    const told = await events();
    const looks = await world.stack.ec2.control.log({ since: scene.since, action: 'DescribeInstances' });

    assert.deepEqual([status['desired'], status['attached'], status['skipped']], [1, 1, 4]);
    assert.deepEqual(
      told.map(({ name }) => name).toSorted(),
      Object.keys(ODD)
        .map((name) => `kinds-${name}`)
        .toSorted(),
    );
    assert.ok(
      told.every(({ count }) => count === 1),
      JSON.stringify(told),
    );
    assert.deepEqual(
      looks.filter(({ code }) => code !== null),
      [],
    );
    assert.equal((await scene.made()).length, 1);

    const spare = await seedNode(world.stack, world.vpc, { name: 'kinds-spare' });
    const value = `aws:///${spare.zone}/${spare.instanceId}`;
    const body = [{ op: 'add', path: '/spec/providerID', value }];
    await world.stack.kubernetes.core.patchNode({ name: 'kinds-empty', body });
    await world.pairs.untilAttached('kinds', ['kinds-1', 'kinds-empty']);
    await scene.remove();
  });

  it('whose instance EC2 does not know gets nothing', async () => {
    const scene = await Scene.prepare(world, 'unknown', { nodes: 0 });
    await createNode('ghost', 'aws:///us-east-1a/i-0123456789abcdef0', { unknown: 'yes' });
    await scene.begin();

    const { message } = await scene.untilReason('InstanceNotFound');
    await letPass(2);

    assert.match(message, /i-0123456789abcdef0/);
    assert.deepEqual(await scene.made(), []);
    await scene.remove();
  });

  it('whose NodeENI is edited while it is deleted gets no ENI by the new spec', async () => {
    const scene = await Scene.start(world, 'edited');
    await scene.untilAttached();
    await world.stack.ec2.control.config({ detach_s: 3 });
    const { lastSeq } = await world.stack.ec2.control.counts();
    await world.objects.deleteNodeEni('edited');
    await scene.untilPhase('Detaching');

    await world.objects.patchNodeEni('edited', { spec: { deviceIndex: 3, securityGroupIDs: [world.group('two')] } });
    await labelNode(world.stack, scene.node.name, { edited: 'no' });
    await labelNode(world.stack, scene.node.name, { edited: 'yes' });
    await scene.untilNothingIsLeft();
    await world.stack.ec2.control.config({ detach_s: 0 });

    assert.equal((await scene.made()).length, 1);
    assert.equal((await scene.calls('DetachNetworkInterface', lastSeq)).length, 1);
    assert.equal((await scene.calls('ModifyNetworkInterfaceAttribute', lastSeq)).length, 0);
  });

  it('whose labels flap has one life in EC2 in half a minute, and its ENI at the end', async () => {
    await flapping.untilAttached(60_000);

    const { events: created } = await world.stack.ec2.control.journal({
      tag: 'networking.k8s.aws/nodeeni=flap',
      event: 'created',
    });
    const gaps = created.slice(1).map(({ t }, index) => t - (created[index]?.t ?? 0));
    assert.ok(created.length >= 1 && created.length <= 3, `${created.length} ENIs were made`);
    assert.ok(
      gaps.every((gap) => gap >= LIFE_S),
      `seconds between two: ${gaps.join(', ')}`,
    );
    await flapping.remove();
  });

  async function createNode(
    name: string,
    providerID: string,
    labels = { kinds: 'yes' } as Record<string, string>,
  ): Promise<void> {
    const body: V1Node = { metadata: { name: `kinds-${name}`, labels }, spec: providerID === '' ? {} : { providerID } };
    await world.stack.kubernetes.core.createNode({ body });
  }

  async function events(): Promise<readonly { name: string | undefined; count: number | undefined }[]> {
    const { items } = await world.stack.kubernetes.core.listEventForAllNamespaces({
      fieldSelector: 'reason=NotAnEC2Instance',
    });
    return items.map(({ involvedObject, count }) => ({ name: involvedObject.name, count }));
  }
});
