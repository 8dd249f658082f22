import { CreateSecurityGroupCommand, CreateSubnetCommand } from '@aws-sdk/client-ec2';
import { isDeepStrictEqual } from 'node:util';

import { pairWorkflowId } from '../../src/domain/names.js';
import { type NodeSpec, type SeededNode } from '../stack/nodes.js';
import { given } from '../stack/seed.js';
import type { Phase } from './calls.js';
import { CLUSTER, type Lab, type Picture } from './lab.js';
import { Tape } from './tape.js';

const ZONE = 'us-east-1a';
const DEVICE_INDEX = 2;

/** What an ENI looks like at the end of a phase, in the words of a NodeENI's spec. */
interface Wanted {
  readonly securityGroupIDs: readonly string[];
  readonly description: string;
  readonly sourceDestCheck: boolean;
  readonly deleteOnTermination: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A pair of its own node and NodeENI, with its own subnet and groups: no read that it shares can serve another one. */
export class Subject {
  readonly tape: Tape;

  private constructor(
    private readonly lab: Lab,
    /** Of the NodeENI and of the node. */
    readonly name: string,
    private readonly network: { readonly subnetId: string; readonly groupIds: readonly [string, string] },
    node: SeededNode & { readonly instanceType: string },
  ) {
    const { subnetId, groupIds } = network;
    const objects = [`nodeenis/${name}`, `nodeeniattachments/${name}.0.${DEVICE_INDEX}`];
    // Of a type that others have too, only the first read shows: then its pair has it to itself.
    this.tape = new Tape([...objects, name, node.instanceId, node.instanceType, subnetId, ...groupIds]);
    lab.tapes.add(this.tape);
  }

  /** Makes the network of a pair; its node comes from `seedNodes`. @param number tells address ranges apart */
  static async make(lab: Lab, number: number, node: SeededNode & { instanceType: string }): Promise<Subject> {
    const { client } = lab.stack.ec2;
    const { vpcId } = lab.vpc;
    const block = `10.0.${64 + Math.floor(number / 4)}.${(number % 4) * 64}/26`;
    const { Subnet: subnet } = await client.send(
      new CreateSubnetCommand({ VpcId: vpcId, AvailabilityZone: ZONE, CidrBlock: block }),
    );
    const group = async (suffix: string): Promise<string> => {
      const name = `${node.name}-${suffix}`;
      const made = await client.send(
        new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: name, Description: name }),
      );
      return given(made.GroupId, 'CreateSecurityGroup');
    };
    const groupIds = [await group('first'), await group('second')] as const;
    return new Subject(lab, node.name, { subnetId: given(subnet?.SubnetId, 'CreateSubnet'), groupIds }, node);
  }

  /** The workflow id that the pair has throughout. */
  get workflowId(): string {
    return pairWorkflowId(CLUSTER, this.name, this.name);
  }

  /** Does what a user does to begin the phase. */
  async trigger(phase: Phase): Promise<void> {
    const { objects } = this.lab;
    switch (phase) {
      case 'make': {
        const place = {
          nodeSelector: { matrix: this.name },
          subnetID: this.network.subnetId,
          deviceIndex: DEVICE_INDEX,
        };
        return objects.createNodeEni(this.name, { ...place, ...this.#wanted('make') });
      }
      case 'change':
        return objects.patchNodeEni(this.name, { spec: this.#wanted('change') });
      case 'release':
        return objects.deleteNodeEni(this.name);
    }
  }

  /** What is still missing at the end of the phase; null when everything is as it should be. */
  missing(phase: Phase, { nodeEnis, attachments, enis }: Picture): string | null {
    const own = enis.get(this.name) ?? [];
    const [nodeEni, attachment] = [nodeEnis.get(this.name), attachments.get(this.name)];
    if (phase === 'release') {
      const left = [nodeEni && 'NodeENI', attachment && 'Attachment', ...own.map(({ id }) => id)];
      return left.some((one) => one !== undefined) ? `still there: ${left.filter(Boolean).join(', ')}` : null;
    }
    const wanted = this.#wanted(phase);
    if (own.length !== 1) return `${own.length} ENIs`;
    const [eni] = own;
    const actual = {
      securityGroupIDs: eni?.groups,
      description: eni?.description,
      sourceDestCheck: eni?.sourceDestCheck,
      deleteOnTermination: eni?.attachment?.deleteOnTermination,
      tags: Object.fromEntries(Object.keys(wanted.tags).map((key) => [key, eni?.tags[key]])),
    };
    if (!isDeepStrictEqual(actual, wanted)) return `the ENI is ${JSON.stringify(actual)}`;
    if (attachment?.status?.phase !== 'Attached')
      return `the Attachment is ${attachment?.status?.phase ?? 'without phase'}`;
    if (attachment.status['observedGeneration'] !== generation(attachment)) return 'the Attachment is not up to date';
    return nodeEni?.status?.attached === 1 && isCurrent(nodeEni) ? null : 'the status of the NodeENI is not up to date';
  }

  #wanted(phase: 'make' | 'change'): Wanted {
    const [first, second] = this.network.groupIds;
    const later = phase === 'change';
    return {
      securityGroupIDs: [later ? second : first],
      description: later ? 'changed' : 'made',
      sourceDestCheck: !later,
      deleteOnTermination: !later,
      tags: later ? { team: 'b', added: 'yes' } : { team: 'a' },
    };
  }
}

/** The node of a subject, to be given to `seedNodes`. */
export function nodeOf(name: string, instanceType: NonNullable<NodeSpec['instanceType']>): Required<NodeSpec> {
  return { name, zone: ZONE, labels: { matrix: name }, instanceType };
}

function generation(object: { readonly metadata: object }): unknown {
  return (object.metadata as { generation?: number }).generation;
}

/** The counts speak of this generation, and the pair is up to date in them. */
function isCurrent(nodeEni: { readonly metadata: object; readonly status?: unknown }): boolean {
  const status = nodeEni.status as { observedGeneration?: number; updated?: number };
  return status.observedGeneration === generation(nodeEni) && status.updated === 1;
}
