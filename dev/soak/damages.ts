import {
  DeleteNetworkInterfaceCommand,
  DetachNetworkInterfaceCommand,
  type EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { WorkflowNotFoundError } from '@temporalio/client';

import { pairWorkflowId } from '../../src/domain/names.js';
import type { Ec2Eni } from '../stack/ec2-types.js';
import { eventually } from '../stack/eventually.js';
import type { AttachmentObject } from '../world/objects.js';
import { handClient } from './by-hand.js';
import { CLUSTER_NAME, type Cluster } from './cluster.js';
import type { Damage } from './events.js';

/** What people break by hand: objects, workflows, and ENIs in EC2. */
export class Damages {
  /** Acts in EC2 as somebody else. */
  readonly hand: EC2Client;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.hand = handClient(cluster.world.stack);
  }

  /** Resolves with what it was done to, or null when there was nothing. */
  async do(what: Damage, pick: number): Promise<string | null> {
    const attachment = await this.#choose(pick);
    if (attachment === undefined) return null;
    const { name } = attachment.metadata;
    const { objects } = this.#cluster.world;
    switch (what) {
      case 'wipeStatus':
        await this.#cluster.act(`wipe ${name}`, () => objects.wipeStatus(name));
        return name;
      case 'deleteAttachment':
        await this.#cluster.act(`delete ${name}`, () => objects.deleteAttachment(name));
        return name;
      case 'terminateWorkflow':
      case 'cancelWorkflow':
        return (await this.#endWorkflow(attachment, what)) ? name : null;
      case 'detachEni':
      case 'deleteEni':
      case 'changeEniGroups':
      case 'changeEniDescription':
        return this.#damageEni(attachment, what);
    }
  }

  async #choose(pick: number): Promise<AttachmentObject | undefined> {
    const all = (await this.#cluster.act('list', () => this.#cluster.world.objects.attachments())) ?? [];
    const sorted = all.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    return sorted[Math.floor(pick * sorted.length)];
  }

  async #endWorkflow({ spec }: AttachmentObject, what: 'terminateWorkflow' | 'cancelWorkflow'): Promise<boolean> {
    const id = pairWorkflowId(CLUSTER_NAME, spec.nodeENI.name, spec.nodeName);
    const end = async (): Promise<'ended' | 'none'> => {
      try {
        await this.#cluster.world.pairs.temporal(async (client) => {
          const handle = client.workflow.getHandle(id);
          await (what === 'cancelWorkflow' ? handle.cancel() : handle.terminate('soak'));
        });
        return 'ended';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'none';
        throw error;
      }
    };
    return (await eventually(`${what} of ${id}`, end, { timeoutMs: 60_000, intervalMs: 200 })) === 'ended';
  }

  /** Only of pairs that say they are attached: an ENI that was never seen counts as not visible yet for five minutes. */
  async #damageEni({ status }: AttachmentObject, what: Damage): Promise<string | null> {
    const enis = await this.#cluster.world.stack.ec2.control.enis();
    const eni = enis.find(({ id }) => id === status?.eniID);
    if (status?.phase !== 'Attached' || eni?.attachment?.status !== 'attached') return null;
    await this.#damage(eni, eni.attachment.id, what);
    return eni.id;
  }

  async #damage({ id }: Ec2Eni, attachmentId: string, what: Damage): Promise<void> {
    const NetworkInterfaceId = id;
    if (what === 'changeEniDescription') {
      const Description = { Value: 'by hand' };
      await this.hand.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Description }));
      return;
    }
    if (what === 'changeEniGroups') {
      const Groups = [await this.#cluster.strangeGroup()];
      await this.hand.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups }));
      return;
    }
    await this.hand.send(new DetachNetworkInterfaceCommand({ AttachmentId: attachmentId, Force: true }));
    if (what === 'deleteEni') await this.hand.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  }
}
