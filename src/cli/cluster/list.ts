import type { Kubernetes } from '../../kubernetes/client.js';
import { list as listPages } from '../../kubernetes/list-watch.js';
import type { Query } from '../../kubernetes/requests.js';

/** Objects in a page, and the longest that one may take. */
const PAGES = { pageSize: 500, idleMs: 15_000 } as const;

/** All objects at a path of the API, as they are on the wire. Fails as the call fails. */
export async function list({ kubeConfig }: Kubernetes, path: string, query: Query = {}): Promise<readonly unknown[]> {
  const { items } = await listPages({ kubeConfig, path, query, ...PAGES }, new AbortController().signal);
  return items;
}
