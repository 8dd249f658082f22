import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';

import { PAUSED_ANNOTATION } from '../../src/domain/names.js';
import { deleteNode, labelNode } from '../stack/nodes.js';
import type { Cluster } from './cluster.js';
import { Damages } from './damages.js';
import { Ec2Troubles } from './ec2-troubles.js';
import type { Change, SoakEvent } from './events.js';
import { cut, kill } from './kill.js';
import { remakeNode, setNodeAnnotation } from './node-objects.js';
import { editOf, nodeEniName } from './wanted.js';

/** Makes events happen, one after the other. */
export class Performer {
  readonly #cluster: Cluster;
  readonly #ec2: Ec2Troubles;
  readonly #damages: Damages;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#ec2 = new Ec2Troubles(cluster.world.stack.ec2.control);
    this.#damages = new Damages(cluster);
  }

  /** Resolves with what it was done to, for the record, or null when there was nothing to do it to. */
  async perform(event: SoakEvent): Promise<string | null> {
    switch (event.kind) {
      case 'damage':
        return this.#damages.do(event.what, event.pick);
      case 'kill':
        await kill(this.#cluster.world, event.victim, event.downSeconds);
        return event.victim;
      case 'network':
        return cut(this.#cluster.world.network, event.peer, event.what);
      case 'networkHeals':
        this.#cluster.world.network.heal();
        return 'both';
      case 'ec2Fault':
      case 'ec2Config':
      case 'ec2FaultEnds':
      case 'ec2ConfigEnds':
      case 'clock':
        return this.#ec2.do(event);
      case 'label':
      case 'edit':
      case 'pause':
      case 'resume':
      case 'remakeNodeEni':
      case 'replaceNode':
      case 'remakeNode':
        return this.#change(event);
    }
  }

  /** Ends everything that lasts: faults, knobs, pauses. NodeENIs that are away come back when the old ones are gone. */
  async calm(): Promise<void> {
    this.#cluster.world.network.heal();
    await this.#ec2.calm();
    for (const index of this.#cluster.nodes.keys()) await this.#change({ kind: 'resume', what: 'node', index });
    for (const index of this.#cluster.nodeEnis.keys()) await this.#change({ kind: 'resume', what: 'nodeEni', index });
  }

  async #change(change: Change): Promise<string> {
    const cluster = this.#cluster;
    switch (change.kind) {
      case 'label':
        return this.#label(change.node, change.nodeEni, change.on);
      case 'edit':
        await cluster.edit(change.nodeEni, editOf(change.field, change.choice, change.nodeEni, cluster.choices));
        return nodeEniName(change.nodeEni);
      case 'pause':
      case 'resume':
        return this.#pause(change.what, change.index, change.kind === 'pause' ? 'true' : null);
      case 'remakeNodeEni':
        await cluster.deleteNodeEni(change.nodeEni);
        return nodeEniName(change.nodeEni);
      case 'replaceNode':
        return this.#replaceNode(change.node, change.nodeFirst);
      case 'remakeNode':
        await cluster.act('remake', () => remakeNode(cluster.world.stack, cluster.node(change.node)));
        return cluster.node(change.node).name;
    }
  }

  async #label(index: number, nodeEni: number, on: boolean): Promise<string> {
    const node = this.#cluster.node(index);
    const labels = new Set(node.labels);
    if (on) labels.add(nodeEni);
    else labels.delete(nodeEni);
    this.#cluster.nodes[index] = { ...node, labels };
    await this.#cluster.act(`label ${node.name}`, () =>
      labelNode(this.#cluster.world.stack, node.name, { [nodeEniName(nodeEni)]: on ? 'yes' : null }),
    );
    return `${nodeEniName(nodeEni)}/${node.name}`;
  }

  async #pause(what: 'node' | 'nodeEni', index: number, value: string | null): Promise<string> {
    const { world } = this.#cluster;
    const annotations = { [PAUSED_ANNOTATION]: value };
    const name = what === 'node' ? this.#cluster.node(index).name : nodeEniName(index);
    await this.#cluster.act(`annotate ${name}`, () =>
      what === 'node'
        ? setNodeAnnotation(world.stack, name, annotations)
        : world.objects.patchNodeEni(name, { metadata: { annotations } }),
    );
    return name;
  }

  async #replaceNode(index: number, nodeFirst: boolean): Promise<string> {
    const { name, instanceId } = this.#cluster.node(index);
    const { world, terminated } = this.#cluster;
    const remove = (): Promise<unknown> => this.#cluster.act(`delete ${name}`, () => deleteNode(world.stack, name));
    if (nodeFirst) await remove();
    terminated.add(instanceId);
    await this.#cluster.act(`terminate ${instanceId}`, () =>
      this.#damages.hand.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] })),
    );
    if (!nodeFirst) await remove();
    await this.#cluster.reseed(index);
    return `${name}: ${instanceId}, then ${this.#cluster.node(index).instanceId}`;
  }
}
