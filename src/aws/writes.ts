import {
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  CreateTagsCommand,
  DeleteNetworkInterfaceCommand,
  DetachNetworkInterfaceCommand,
  ModifyNetworkInterfaceAttributeCommand,
  type ModifyNetworkInterfaceAttributeRequest,
} from '@aws-sdk/client-ec2';

import type { CreateIntent } from '../domain/memory.js';
import type { EniFacts } from '../domain/observation.js';
import type { Ec2Writes } from '../domain/ports.js';
import type { EniChanges } from '../domain/step.js';
import type { Ec2Caller } from './caller.js';
import { eniFacts, toTags } from './convert.js';
import { MEANINGS } from './error-table.js';
import { Ec2Error } from './errors.js';
import type { CreateGate } from './gates.js';

type Attribute = Omit<ModifyNetworkInterfaceAttributeRequest, 'NetworkInterfaceId'>;

/** The changes of EC2, each one call, or one for each attribute. All methods throw {@link Ec2Error}. */
export class EniWrites implements Ec2Writes {
  readonly #caller: Ec2Caller;
  readonly #gate: CreateGate;

  constructor(caller: Ec2Caller, gate: CreateGate) {
    this.#caller = caller;
    this.#gate = gate;
  }

  /** See Ec2Writes. Fails without a call while the subnet is known to be full, or the quota to be reached. */
  async createEni(intent: CreateIntent, token: string): Promise<EniFacts> {
    const command = new CreateNetworkInterfaceCommand({
      ClientToken: token,
      SubnetId: intent.subnetId,
      Groups: [...intent.securityGroupIds],
      Description: intent.description,
      TagSpecifications: [{ ResourceType: 'network-interface', Tags: toTags(intent.tags) }],
    });
    const made = await this.#gate.run(intent.subnetId, async () =>
      this.#caller.write('CreateNetworkInterface', (client) => client.send(command)),
    );
    const eni = eniFacts(made.NetworkInterface ?? {});
    if (eni.eniId === '') throw incomplete('CreateNetworkInterface', 'ENI');
    return { ...eni, tags: { ...intent.tags, ...eni.tags } };
  }

  /** See Ec2Writes. The card is named even when it is 0: where there are several, EC2 would choose. */
  async attachEni(eniId: string, instanceId: string, networkCardIndex: number, deviceIndex: number): Promise<string> {
    const command = new AttachNetworkInterfaceCommand({
      NetworkInterfaceId: eniId,
      InstanceId: instanceId,
      NetworkCardIndex: networkCardIndex,
      DeviceIndex: deviceIndex,
    });
    const { AttachmentId: id } = await this.#caller.write('AttachNetworkInterface', (client) => client.send(command));
    if (id === undefined) throw incomplete('AttachNetworkInterface', 'attachment');
    return id;
  }

  /**
   * See Ec2Writes. When a call fails those before it have worked; setting the same again does no harm.
   *
   * @param attachmentId - needed for `deleteOnTermination` alone, which fails as `waiting` while it is empty
   */
  async configureEni(eniId: string, attachmentId: string, changes: EniChanges): Promise<void> {
    for (const attribute of attributes(attachmentId, changes)) {
      const command = new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eniId, ...attribute });
      await this.#caller.write('ModifyNetworkInterfaceAttribute', (client) => client.send(command));
    }
    const tags = toTags(changes.tags ?? {});
    if (tags.length === 0) return;
    const command = new CreateTagsCommand({ Resources: [eniId], Tags: tags });
    await this.#caller.write('CreateTags', (client) => client.send(command));
  }

  /** See Ec2Writes. */
  async detachEni(attachmentId: string, force: boolean): Promise<void> {
    const command = new DetachNetworkInterfaceCommand({
      AttachmentId: attachmentId,
      ...(force ? { Force: true } : {}),
    });
    await this.#caller.write('DetachNetworkInterface', (client) => client.send(command));
  }

  /** See Ec2Writes. */
  async deleteEni(eniId: string): Promise<void> {
    const command = new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: eniId });
    await this.#caller.write('DeleteNetworkInterface', (client) => client.send(command));
  }
}

/** EC2 takes one attribute a call. */
function attributes(attachmentId: string, changes: EniChanges): Attribute[] {
  const { securityGroupIds, description, sourceDestCheck, deleteOnTermination } = changes;
  return [
    ...(securityGroupIds === undefined ? [] : [{ Groups: [...securityGroupIds] }]),
    ...(sourceDestCheck === undefined ? [] : [{ SourceDestCheck: { Value: sourceDestCheck } }]),
    ...(description === undefined ? [] : [{ Description: { Value: description } }]),
    ...(deleteOnTermination === undefined ? [] : [ofAttachment(attachmentId, deleteOnTermination)]),
  ];
}

function ofAttachment(attachmentId: string, deleteOnTermination: boolean): Attribute {
  if (attachmentId === '') {
    const message = 'ModifyNetworkInterfaceAttribute: EC2 does not show the attachment yet';
    throw new Ec2Error(MEANINGS.busy, { message, code: 'NoAttachmentId' });
  }
  return { Attachment: { AttachmentId: attachmentId, DeleteOnTermination: deleteOnTermination } };
}

/** Not definite: EC2 took the call, and only its reply is of no use. */
function incomplete(action: string, what: string): Ec2Error {
  return new Ec2Error(MEANINGS.unavailable, { message: `${action}: the reply names no ${what}`, code: 'NoId' });
}
