import { CreateNetworkInterfaceCommand } from '@aws-sdk/client-ec2';

import { eventually } from '../../../dev/stack/eventually.js';
import { given } from '../../../dev/stack/seed.js';
import { auditId } from '../../../src/domain/names.js';
import { CLUSTER, type Desk } from './desk.js';
import { definitions } from './release.js';

const MINUTE_MS = 60_000;

/** The NodeENI `storage` of the pages: attached on worker-1 and worker-2, Blocked on worker-3, whose zone is another. */
export async function storageScene(desk: Desk): Promise<void> {
  const { world } = desk;
  await definitions(desk);
  if ((await world.objects.nodeEni('storage')) !== null) return;
  await world.objects.createNodeEni('storage', storageSpec(desk));
  const settled = async (): Promise<boolean> => {
    const pairs = await world.objects.attachments('storage');
    return (
      pairs
        .map(({ status }) => status?.phase)
        .toSorted()
        .join() === 'Attached,Attached,Blocked'
    );
  };
  await eventually('the pairs of storage come to rest', settled, { timeoutMs: MINUTE_MS });
}

/** What `storage` wants. */
export function storageSpec({ world }: Desk): Readonly<Record<string, unknown>> {
  return { nodeSelector: { storage: 'yes' }, subnetID: world.subnet('a'), securityGroupIDs: [world.group('one')] };
}

/** The same for worker-1 alone. */
export function workerSpec(desk: Desk): Readonly<Record<string, unknown>> {
  return { ...storageSpec(desk), nodeSelector: { 'kubernetes.io/hostname': 'worker-1' } };
}

/** The NodeENI `backup` of the pages, which wants the slot that `storage` has on worker-1. */
export async function backupScene(desk: Desk): Promise<void> {
  await desk.world.objects.createNodeEni('backup', workerSpec(desk));
  const told = async (): Promise<boolean> => {
    const { status } = (await desk.world.objects.nodeEni('backup')) ?? {};
    return status?.conditions.some(({ type, status: is }) => type === 'SlotConflict' && is === 'True') === true;
  };
  await eventually('backup is told that its slot is taken', told, { timeoutMs: MINUTE_MS });
}

/** Makes an ENI that carries the cluster's tag and belongs to nobody, and has an audit see it. Returns its id. */
export async function orphanScene({ world }: Desk): Promise<string> {
  const tags = { 'networking.k8s.aws/cluster': CLUSTER, 'networking.k8s.aws/node': 'gone' };
  const made = await world.stack.ec2.client.send(
    new CreateNetworkInterfaceCommand({
      SubnetId: world.subnet('a'),
      TagSpecifications: [
        { ResourceType: 'network-interface', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
    }),
  );
  const id = given(made.NetworkInterface?.NetworkInterfaceId, 'CreateNetworkInterface');
  await world.pairs.temporal(async (client) => client.schedule.getHandle(auditId(CLUSTER)).trigger());
  const seen = async (): Promise<boolean> => (await world.pairs.audits()).some(({ sightings }) => id in sightings);
  await eventually('an audit has seen the orphan', seen, { timeoutMs: MINUTE_MS, intervalMs: 250 });
  return id;
}
