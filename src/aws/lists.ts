import type { Filter } from '@aws-sdk/client-ec2';

import { MEANINGS } from './error-table.js';
import { Ec2Error } from './errors.js';

/** Entries of a page: the most that DescribeNetworkInterfaces, Instances, Subnets and SecurityGroups give. */
const PAGE_SIZE = 1_000;

/** What all lists of EC2 take and give, besides their own entries. */
export interface PageRequest {
  readonly MaxResults: number;
  readonly NextToken?: string;
}

/**
 * Every page of a list, in order. An empty page with a token is not the end (Amazon EC2 API Reference, "Pagination").
 *
 * @throws Ec2Error, transient, when a token comes twice in a row, which would never end
 */
export async function* pages<P extends { NextToken?: string | undefined }>(
  list: (request: PageRequest) => Promise<P>,
  pageSize: number = PAGE_SIZE,
): AsyncGenerator<P, void, undefined> {
  let token: string | undefined;
  do {
    const page: P = await list({ MaxResults: pageSize, ...(token === undefined ? {} : { NextToken: token }) });
    yield page;
    const next = page.NextToken === '' ? undefined : page.NextToken;
    if (next !== undefined && next === token) {
      throw new Ec2Error(MEANINGS.unavailable, {
        message: `EC2 repeats the page after ${next}`,
        code: 'RepeatedToken',
      });
    }
    token = next;
  } while (token !== undefined);
}

/** The entries of all pages in one list. Fails as a page fails. */
export async function collected<P, T>(list: AsyncIterable<P>, entriesOf: (page: P) => T[] | undefined): Promise<T[]> {
  const entries: T[] = [];
  for await (const page of list) entries.push(...(entriesOf(page) ?? []));
  return entries;
}

/** A filter for exactly these values, of which EC2 takes 200: its wildcards `*` and `?` are taken by the letter. */
export function filter(name: string, values: readonly string[]): Filter {
  return { Name: name, Values: values.map((value) => value.replace(/[\\*?]/g, String.raw`\$&`)) };
}

/** The values by key, in their order. */
export function grouped<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
