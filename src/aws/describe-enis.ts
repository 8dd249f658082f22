import { DescribeNetworkInterfacesCommand, type Filter } from '@aws-sdk/client-ec2';

import type { EniFacts } from '../domain/observation.js';
import { TAG_KEYS } from '../domain/tags.js';
import type { Ec2Caller } from './caller.js';
import type { Clock } from './clock.js';
import { Coalescer } from './coalesce.js';
import { eniFacts } from './convert.js';
import { collected, filter, grouped, pages } from './lists.js';

const ACTION = 'DescribeNetworkInterfaces';

/** The ENIs that the filters leave, page by page; pages may be empty. @throws Ec2Error */
export async function* eniPages(caller: Ec2Caller, filters: Filter[]): AsyncGenerator<EniFacts[], void, undefined> {
  const list = pages((page) =>
    caller.read(ACTION, (client) => client.send(new DescribeNetworkInterfacesCommand({ ...page, Filters: filters }))),
  );
  for await (const { NetworkInterfaces: enis } of list) yield (enis ?? []).map(eniFacts);
}

/** Reads of ENIs. Concurrent ones share a call; by filter, so that one unknown id does not fail the others. */
export class EniReads {
  readonly #byId: Coalescer<string, EniFacts>;
  readonly #byNode: Coalescer<string, EniFacts[]>;

  constructor(caller: Ec2Caller, clusterName: string, clock: Clock) {
    this.#byId = new Coalescer({
      clock,
      fetch: async (ids) => {
        const enis = await all(caller, [filter('network-interface-id', ids)]);
        return new Map(enis.map((eni) => [eni.eniId, eni]));
      },
    });
    const ofCluster = filter(`tag:${TAG_KEYS.cluster}`, [clusterName]);
    this.#byNode = new Coalescer({
      clock,
      fetch: async (nodes) => {
        const enis = await all(caller, [ofCluster, filter(`tag:${TAG_KEYS.node}`, nodes)]);
        return grouped(enis, ({ tags }) => tags[TAG_KEYS.node] ?? '');
      },
    });
  }

  /** See Ec2Reads. @throws Ec2Error */
  async enisOfNode(nodeName: string): Promise<readonly EniFacts[]> {
    return (await this.#byNode.load(nodeName)) ?? [];
  }

  /** See Ec2Reads. @throws Ec2Error */
  async eni(eniId: string): Promise<EniFacts | null> {
    return (await this.#byId.load(eniId)) ?? null;
  }
}

async function all(caller: Ec2Caller, filters: Filter[]): Promise<EniFacts[]> {
  return collected(eniPages(caller, filters), (page) => page);
}
