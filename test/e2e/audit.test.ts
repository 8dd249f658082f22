import assert from 'node:assert/strict';

import {
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  DetachNetworkInterfaceCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';

import type { Ec2Eni } from '../../dev/stack/ec2-types.js';
import { eventually } from '../../dev/stack/eventually.js';
import { seedNodes } from '../../dev/stack/nodes.js';
import { given } from '../../dev/stack/seed.js';
import type { World } from '../../dev/world/world.js';
import { sharedWorld } from './support/shared-world.js';

const PAIRS = 20;
const NODES = Array.from({ length: PAIRS }, (_, index) => `audit-${index}`);

/** What happens within one audit, and the time for a pair to mend its ENI. */
const ONE_AUDIT = { timeoutMs: 30_000 };

describe('the audit', function () {
  this.timeout(120_000);
  let world: World;

  before('attach twenty pairs, with an audit every five seconds that may delete', async () => {
    world = await sharedWorld();
    await restart({ MULTI_ENI_AUDIT_INTERVAL: '5s', MULTI_ENI_ORPHAN_MODE: 'delete', MULTI_ENI_ORPHAN_MIN_AGE: '1s' });
    const nodes = NODES.map((name) => ({ name, labels: { audit: 'yes' } }));
    await seedNodes(world.stack, world.vpc, nodes);
    await world.objects.createNodeEni('audit', {
      nodeSelector: { audit: 'yes' },
      subnetID: world.subnet('a'),
      securityGroupIDs: [world.group('one')],
    });
    await world.pairs.untilAttached('audit', NODES, 60_000);
  });

  after('go on as usual', async () => {
    await world.objects.deleteNodeEni('audit');
    await world.pairs.untilGone('audit');
    await restart({});
  });

  it('has an ENI attached again that was detached by hand, and another made for one that was deleted by hand', async () => {
    const [detached, deleted] = [await eniOf('audit-0'), await eniOf('audit-1')];
    await detach(detached);
    await detach(deleted);
    const { client } = world.stack.ec2;
    await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: deleted.id }));

    await eventually(
      'both are attached',
      async () => {
        const enis = await world.pairs.enis('audit');
        return enis.length === PAIRS && enis.every(({ attachment }) => attachment?.status === 'attached');
      },
      ONE_AUDIT,
    );
    await world.pairs.untilAttached('audit', NODES);

    assert.deepEqual(await world.pairs.everMade('audit', 'audit-0'), [detached.id]);
    assert.equal((await world.pairs.everMade('audit', 'audit-1')).length, 2);
  });

  it('has every attribute put back, by the pairs concerned alone', async () => {
    const { control, client } = world.stack.ec2;
    const eni = await eniOf('audit-2');
    const { lastSeq: since } = await control.counts();
    const id = { NetworkInterfaceId: eni.id };
    const changes = [
      { Groups: [world.group('two')] },
      { Description: { Value: 'changed by hand' } },
      { SourceDestCheck: { Value: false } },
      { Attachment: { AttachmentId: eni.attachment?.id, DeleteOnTermination: false } },
    ];
    for (const change of changes) await client.send(new ModifyNetworkInterfaceAttributeCommand({ ...id, ...change }));

    await eventually(
      'all is as before',
      async () => {
        assert.deepEqual(await eniOf('audit-2'), eni);
        return true;
      },
      ONE_AUDIT,
    );

    const modified = await control.log({ since, action: 'ModifyNetworkInterfaceAttribute' });
    assert.deepEqual(new Set(modified.map(({ params }) => params['NetworkInterfaceId'])), new Set([eni.id]));
  });

  it('deletes a leaked ENI, and leaves alone the one that hangs on an instance', async () => {
    const free = await leak();
    const attached = await eniOf('audit-3');
    await eventually('the leaked one is gone', async () => !(await ids()).includes(free), ONE_AUDIT);

    assert.deepEqual(await eniOf('audit-3'), attached);
    await eventually('an Event tells of it', async () => {
      const messages = await world.objects.events('OrphanDeleted');
      return messages.some((message) => message.includes(free));
    });
  });

  it('deletes nothing when it is to report', async () => {
    await restart({ MULTI_ENI_AUDIT_INTERVAL: '5s', MULTI_ENI_ORPHAN_MIN_AGE: '1s' });
    const free = await leak();

    await eventually(
      'an audit has seen it as leaked',
      async () => {
        const reports = await world.pairs.audits();
        return reports.some(
          ({ sightings, leaked, deleted }) => free in sightings && leaked > 0 && deleted.length === 0,
        );
      },
      ONE_AUDIT,
    );

    assert.ok((await ids()).includes(free));
    await world.stack.ec2.client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: free }));
  });

  async function restart(env: Readonly<Record<string, string>>): Promise<void> {
    await world.controller.process.stop();
    await world.startController(env);
  }

  async function ids(): Promise<string[]> {
    return (await world.stack.ec2.control.enis()).map(({ id }) => id);
  }

  async function eniOf(node: string): Promise<Ec2Eni> {
    const enis = await world.pairs.enis('audit');
    return given(
      enis.find(({ tags }) => tags['networking.k8s.aws/node'] === node),
      `an ENI of ${node}`,
    );
  }

  async function detach({ attachment }: Ec2Eni): Promise<void> {
    await world.stack.ec2.client.send(new DetachNetworkInterfaceCommand({ AttachmentId: attachment?.id }));
  }

  /** An ENI with the cluster's tag and no Attachment. */
  async function leak(): Promise<string> {
    const tags = {
      'networking.k8s.aws/cluster': 'e2e',
      'networking.k8s.aws/nodeeni': 'audit',
      'networking.k8s.aws/node': 'audit-3',
      'networking.k8s.aws/attachment-uid': '00000000-0000-4000-8000-000000000000',
    };
    const { NetworkInterface: eni } = await world.stack.ec2.client.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: world.subnet('a'),
        TagSpecifications: [
          { ResourceType: 'network-interface', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
        ],
      }),
    );
    return given(eni?.NetworkInterfaceId, 'CreateNetworkInterface');
  }
});
