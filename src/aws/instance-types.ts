import { DescribeInstanceTypesCommand } from '@aws-sdk/client-ec2';

import type { InstanceFacts } from '../domain/observation.js';
import type { Ec2Caller } from './caller.js';
import type { Clock } from './clock.js';
import { Coalescer } from './coalesce.js';
import { limitsOf } from './convert.js';
import { Ec2Error } from './errors.js';
import { collected, filter, pages } from './lists.js';
import { ReadCache } from './read-cache.js';

type Limits = InstanceFacts['limits'];

const ACTION = 'DescribeInstanceTypes';
/** The most that DescribeInstanceTypes takes. */
const TYPES_PAGE_SIZE = 100;
/** How long "not known" holds: a missing right may be granted, a new type be described. */
const UNKNOWN_MS = 600_000;

/** How many interfaces the instance types take. They never change, so what is known stays for the process's life. */
export class InstanceTypes {
  readonly #cache: ReadCache<Limits>;

  constructor(caller: Ec2Caller, clock: Clock) {
    const reads = new Coalescer<string, Limits>({ clock, fetch: async (types) => described(caller, types) });
    this.#cache = new ReadCache({
      clock,
      load: async (type) => (await reads.load(type)) ?? null,
      keepMs: (limits) => (limits === null ? UNKNOWN_MS : Infinity),
    });
  }

  /**
   * Most interfaces by network card index; null when EC2 does not know the type, or the controller may not ask: EC2
   * itself refuses an attach too many.
   *
   * @throws Ec2Error for any failure but the missing right
   */
  async limits(instanceType: string): Promise<Limits> {
    return this.#cache.get(instanceType);
  }
}

async function described(caller: Ec2Caller, types: readonly string[]): Promise<Map<string, Limits>> {
  const filters = [filter('instance-type', types)];
  const list = pages(
    (page) =>
      caller.read(ACTION, (client) => client.send(new DescribeInstanceTypesCommand({ ...page, Filters: filters }))),
    TYPES_PAGE_SIZE,
  );
  try {
    const found = await collected(list, ({ InstanceTypes: infos }) => infos);
    return new Map(found.map((info) => [info.InstanceType ?? '', limitsOf(info)]));
  } catch (error) {
    if (error instanceof Ec2Error && error.reason === 'PermissionDenied') return new Map();
    throw error;
  }
}
