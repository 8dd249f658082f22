import {
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  DetachNetworkInterfaceCommand,
} from '@aws-sdk/client-ec2';
import { given } from '../../../dev/stack/seed.js';
import type { World } from '../../../dev/world/world.js';

/** An ENI that somebody else made, without a tag of ours. */
export interface ForeignEni {
  readonly id: string;
  /** Detaches and deletes it. */
  remove(): Promise<void>;
}

/** Makes an ENI in a subnet, by default that of zone a. */
export async function foreignEni(world: World, subnetId = world.subnet('a')): Promise<ForeignEni> {
  const { client } = world.stack.ec2;
  const made = await client.send(new CreateNetworkInterfaceCommand({ SubnetId: subnetId }));
  const id = given(made.NetworkInterface?.NetworkInterfaceId, 'CreateNetworkInterface');
  return {
    id,
    remove: async () => {
      const eni = (await world.stack.ec2.control.enis()).find((one) => one.id === id);
      if (eni?.attachment)
        await client.send(new DetachNetworkInterfaceCommand({ AttachmentId: eni.attachment.id, Force: true }));
      await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }));
    },
  };
}

/** Makes one that holds a device index of an instance. */
export async function foreignHolder(world: World, instanceId: string, deviceIndex: number): Promise<ForeignEni> {
  const eni = await foreignEni(world);
  await world.stack.ec2.client.send(
    new AttachNetworkInterfaceCommand({
      NetworkInterfaceId: eni.id,
      InstanceId: instanceId,
      DeviceIndex: deviceIndex,
      NetworkCardIndex: 0,
    }),
  );
  return eni;
}
