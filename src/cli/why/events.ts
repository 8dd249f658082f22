import { z } from 'zod';

import type { Kubernetes } from '../../kubernetes/client.js';
import { timestamp } from '../../kubernetes/metadata.js';
import { list } from '../cluster/list.js';
import { calling } from '../failure.js';

/** A Kubernetes Event of the controller. */
export interface ToldEvent {
  /** RFC 3339. */
  readonly at: string;
  /** `NodeENI/NAME`. */
  readonly about: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** Events of cluster-scoped objects live in this namespace. */
const PATH = '/api/v1/namespaces/default/events';

const RECENT = 5;

const event = z.object({
  involvedObject: z.object({ kind: z.string(), name: z.string() }),
  type: z.string().default(''),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTimestamp: timestamp.nullish(),
  eventTime: timestamp.nullish(),
});

/** The latest five Events about objects of these names, the newest first. @throws CliFailure */
export async function recentEvents(kubernetes: Kubernetes, names: readonly string[]): Promise<ToldEvent[]> {
  const found = names.map(async (name) => {
    const query = { fieldSelector: `involvedObject.name=${name}` };
    return calling(`list the Events of ${name}`, async () => list(kubernetes, PATH, query));
  });
  const events = (await Promise.all(found)).flat().map((raw) => event.parse(raw));
  return events
    .filter(({ involvedObject: { kind } }) => ['NodeENI', 'NodeENIAttachment', 'Node'].includes(kind))
    .map(({ involvedObject, type, reason, message, lastTimestamp, eventTime }) => ({
      at: lastTimestamp ?? eventTime ?? '',
      about: `${involvedObject.kind}/${involvedObject.name}`,
      type,
      reason,
      message,
    }))
    .toSorted((a, b) => (a.at > b.at ? -1 : 1))
    .slice(0, RECENT);
}
