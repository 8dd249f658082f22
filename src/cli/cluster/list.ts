import { z } from 'zod';

import type { Kubernetes } from '../../kubernetes/client.js';
import { getJson, type Query } from '../../kubernetes/requests.js';

const PAGE = 500;

/** Longest that one page may take. */
const PAGE_MS = 15_000;

const answer = z.object({
  metadata: z.object({ continue: z.string().optional() }).default({}),
  items: z.array(z.unknown()),
});

/** All objects at a path of the API, as they are on the wire. Fails as the call fails. */
export async function list({ kubeConfig }: Kubernetes, path: string, query: Query = {}): Promise<unknown[]> {
  const items: unknown[] = [];
  let next: string | undefined;
  do {
    const signal = AbortSignal.timeout(PAGE_MS);
    const page = answer.parse(
      await getJson(kubeConfig, { path, query: { ...query, limit: PAGE, continue: next }, signal }),
    );
    items.push(...page.items);
    next = page.metadata.continue;
  } while (next !== undefined && next !== '');
  return items;
}
