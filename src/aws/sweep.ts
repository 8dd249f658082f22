import type { EniFacts } from '../domain/observation.js';
import type { Ec2Caller } from './caller.js';
import { eniPages } from './describe-enis.js';
import { filter } from './lists.js';

/**
 * Every ENI with the tag, such as the cluster's: up to 1,000 a page, one call each, as fast as they are taken.
 * What is made or deleted meanwhile may be in it or not. Pages may be empty.
 *
 * @throws Ec2Error at the page that fails; what came before is valid, but not all
 */
export function listEnisByTag(caller: Ec2Caller, key: string, value: string): AsyncIterable<EniFacts[]> {
  return eniPages(caller, [filter(`tag:${key}`, [value])]);
}
