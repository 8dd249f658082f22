import { CreateSecurityGroupCommand, CreateSubnetCommand, type EC2Client } from '@aws-sdk/client-ec2';

import { attachmentName, PAUSED_ANNOTATION, pairWorkflowId } from '../../src/domain/names.js';
import { type NodeSpec, type SeededNode } from '../stack/nodes.js';
import { given } from '../stack/seed.js';
import type { Phase } from './calls.js';
import { EVERY_ENI } from './ec2-calls.js';
import { eventsOf } from './kubernetes-calls.js';
import { CLUSTER, type Lab, type Picture } from './lab.js';
import { Tape } from './tape.js';
import { missing, type Present, type Wanted } from './wanted.js';

const ZONE = 'us-east-1a';

/** Of a pair, and of one that was replaced. */
const DEVICE_INDEXES = [2, 3] as const;

/** What belongs to one pair alone: at first, and later. */
interface PairNetwork {
  readonly subnetIds: readonly [string, string];
  readonly groupIds: readonly [string, string];
}

/** A pair of its own node and NodeENI, with its own subnets and groups: no read that it shares can serve another one. */
export class Subject {
  readonly tape: Tape;
  /** Runs of its workflow that we have ended ourselves. */
  readonly lostRuns = new Set<string>();
  /** When the audit was asked for that has to delete its ENI. */
  sweptAt: Date | null = null;
  #isReplaced = false;
  #isChanged = false;

  private constructor(
    private readonly lab: Lab,
    /** Of the NodeENI and of the node. */
    readonly name: string,
    private readonly network: PairNetwork,
    node: SeededNode & { readonly instanceType: string },
  ) {
    const { subnetIds, groupIds } = network;
    const attachments = DEVICE_INDEXES.map((index) => `nodeeniattachments/${attachmentName(name, 0, index)}`);
    const objects = [`nodeenis/${name}`, ...attachments];
    // Of a type that others have too, only the first read shows: then its pair has it to itself.
    this.tape = new Tape([...objects, name, node.instanceId, node.instanceType, ...subnetIds, ...groupIds]);
    lab.tapes.add(this.tape);
  }

  /** Makes the network of a pair; its node comes from `seedNodes`. @param number tells address ranges apart */
  static async make(lab: Lab, number: number, node: SeededNode & { instanceType: string }): Promise<Subject> {
    return new Subject(lab, node.name, await networkOf(lab.stack.ec2.client, lab.vpc.vpcId, node.name, number), node);
  }

  /** The workflow id that the pair has throughout. */
  get workflowId(): string {
    return pairWorkflowId(CLUSTER, this.name, this.name);
  }

  /** Does what begins the phase: what a user does, or for `sweep` the Schedule of the audit. */
  async trigger(phase: Phase): Promise<void> {
    const { objects } = this.lab;
    switch (phase) {
      case 'make':
        return objects.createNodeEni(this.name, { nodeSelector: { matrix: this.name }, ...this.#wanted() });
      case 'replace': {
        this.#isReplaced = true;
        const { subnetID, deviceIndex } = this.#wanted();
        return objects.patchNodeEni(this.name, { spec: { subnetID, deviceIndex } });
      }
      case 'adopt':
        return objects.patchNodeEni(this.name, pause(false));
      case 'change':
        this.#isChanged = true;
        return objects.patchNodeEni(this.name, { spec: this.#wanted() });
      case 'release':
        return objects.deleteNodeEni(this.name);
      case 'sweep':
        for (const token of [EVERY_ENI, eventsOf(this.name)]) this.tape.tokens.add(token);
        this.sweptAt = new Date();
        return this.lab.audit();
    }
  }

  /** Freezes the pair, so that its next Attachment is made when `adopt` is triggered, and not before. */
  async freeze(): Promise<void> {
    await this.lab.objects.patchNodeEni(this.name, pause(true));
  }

  /** All that there is of it. */
  present({ nodeEnis, attachments, enis }: Picture): Present {
    const { name } = this;
    return { nodeEni: nodeEnis.get(name), attachments: attachments.get(name) ?? [], enis: enis.get(name) ?? [] };
  }

  /** What is still missing at the end of the phase; null when everything is as it should be. */
  missing(phase: Phase, picture: Picture): string | null {
    return missing(phase, this.#wanted(), this.present(picture));
  }

  #wanted(): Wanted {
    const [firstSubnet, secondSubnet] = this.network.subnetIds;
    const [firstGroup, secondGroup] = this.network.groupIds;
    const [firstIndex, secondIndex] = DEVICE_INDEXES;
    const later = this.#isChanged;
    return {
      subnetID: this.#isReplaced ? secondSubnet : firstSubnet,
      deviceIndex: this.#isReplaced ? secondIndex : firstIndex,
      securityGroupIDs: [later ? secondGroup : firstGroup],
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

function pause(isPaused: boolean): object {
  return { metadata: { annotations: { [PAUSED_ANNOTATION]: isPaused ? 'true' : null } } };
}

async function networkOf(client: EC2Client, vpcId: string, name: string, number: number): Promise<PairNetwork> {
  const subnet = async (half: 0 | 1): Promise<string> => {
    const block = `10.0.${64 + Math.floor(number / 4)}.${(number % 4) * 64 + half * 32}/27`;
    const made = await client.send(new CreateSubnetCommand({ VpcId: vpcId, AvailabilityZone: ZONE, CidrBlock: block }));
    return given(made.Subnet?.SubnetId, 'CreateSubnet');
  };
  const group = async (suffix: string): Promise<string> => {
    const names = { GroupName: `${name}-${suffix}`, Description: `${name}-${suffix}` };
    const made = await client.send(new CreateSecurityGroupCommand({ VpcId: vpcId, ...names }));
    return given(made.GroupId, 'CreateSecurityGroup');
  };
  const subnetIds = [await subnet(0), await subnet(1)] as const;
  return { subnetIds, groupIds: [await group('first'), await group('second')] };
}
