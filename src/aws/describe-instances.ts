import { DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';

import type { InstanceFacts } from '../domain/observation.js';
import type { Ec2Caller } from './caller.js';
import type { Clock } from './clock.js';
import { Coalescer } from './coalesce.js';
import { instanceFacts } from './convert.js';
import type { InstanceTypes } from './instance-types.js';
import { collected, filter, pages } from './lists.js';

const ACTION = 'DescribeInstances';

/** Reads of instances. Concurrent ones share a call. */
export class InstanceReads {
  readonly #byId: Coalescer<string, Instance>;
  readonly #types: InstanceTypes;

  constructor(caller: Ec2Caller, types: InstanceTypes, clock: Clock) {
    this.#types = types;
    this.#byId = new Coalescer({ clock, fetch: async (ids) => described(caller, ids) });
  }

  /** See Ec2Reads. @throws Ec2Error */
  async instance(instanceId: string): Promise<InstanceFacts | null> {
    const instance = await this.#byId.load(instanceId);
    if (instance === undefined) return null;
    const { InstanceType: type } = instance;
    return instanceFacts(instance, type === undefined ? null : await this.#types.limits(type));
  }
}

async function described(caller: Ec2Caller, ids: readonly string[]): Promise<Map<string, Instance>> {
  const filters = [filter('instance-id', ids)];
  const list = pages((page) =>
    caller.read(ACTION, (client) => client.send(new DescribeInstancesCommand({ ...page, Filters: filters }))),
  );
  const reservations = await collected(list, ({ Reservations }) => Reservations);
  const instances = reservations.flatMap(({ Instances }) => Instances ?? []);
  return new Map(instances.map((instance) => [instance.InstanceId ?? '', instance]));
}
