import { AttachNetworkInterfaceCommand, CreateNetworkInterfaceCommand } from '@aws-sdk/client-ec2';

import { TAG_KEYS } from '../../src/domain/tags.js';
import type { Ec2Eni } from '../stack/ec2-types.js';
import { given } from '../stack/seed.js';
import type { World } from '../world/world.js';

/** ENIs of somebody else, as they were when the run began. */
export type Foreign = readonly Ec2Eni[];

/** A device index that no NodeENI of a run wants. */
const INDEX = 20;

/** Makes ENIs that must stay untouched: an attached one without tags, and a free one that looks like another cluster's. */
export async function plantForeign(world: World, instanceId: string): Promise<Foreign> {
  const attached = await create(world, {});
  const { client, control } = world.stack.ec2;
  await client.send(
    new AttachNetworkInterfaceCommand({ NetworkInterfaceId: attached, InstanceId: instanceId, DeviceIndex: INDEX }),
  );
  const lookalike = { [TAG_KEYS.cluster]: 'another', [TAG_KEYS.nodeEni]: 'soak-0', [TAG_KEYS.node]: 'node-0' };
  const ids = [attached, await create(world, lookalike)];
  await control.advance(60); // the attachment is complete
  const enis = await control.enis();
  return enis.filter(({ id }) => ids.includes(id));
}

/** What was done to them since. */
export function touched(foreign: Foreign, enis: readonly Ec2Eni[]): string[] {
  return foreign.flatMap((before) => {
    const after = enis.find(({ id }) => id === before.id);
    if (JSON.stringify(after) === JSON.stringify(before)) return [];
    return [`the foreign ${before.id} was ${JSON.stringify(before)} and is ${JSON.stringify(after ?? null)}`];
  });
}

async function create(world: World, tags: Readonly<Record<string, string>>): Promise<string> {
  const { NetworkInterface: eni } = await world.stack.ec2.client.send(
    new CreateNetworkInterfaceCommand({
      SubnetId: world.subnet('a'),
      Groups: [world.group('one')],
      Description: 'of somebody else',
      TagSpecifications: [
        {
          ResourceType: 'network-interface',
          Tags: Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value })),
        },
      ],
    }),
  );
  return given(eni?.NetworkInterfaceId, 'CreateNetworkInterface');
}
