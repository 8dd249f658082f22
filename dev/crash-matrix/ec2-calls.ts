import type { EniChanges } from '../../src/domain/step.js';
import type { GateRequest } from '../stack/api-gate.js';
import type { Call } from './calls.js';

/** The query key by which a change in place is known; the type makes a new change have one. */
export const ATTRIBUTES: Readonly<Record<Exclude<keyof EniChanges, 'tags'>, string>> = {
  securityGroupIds: 'SecurityGroupId.1',
  description: 'Description.Value',
  sourceDestCheck: 'SourceDestCheck.Value',
  deleteOnTermination: 'Attachment.DeleteOnTermination',
};

/** Which ENIs are listed, by the filter; the first that is there counts. */
const BY: readonly (readonly [filter: string, words: string])[] = [
  ['tag:networking.k8s.aws/node', ' by node'],
  ['network-interface-id', ' by id'],
  ['tag:networking.k8s.aws/cluster', ' of the cluster'],
];

/** The token of a call that concerns whatever ENIs the cluster has: the audit's list. */
export const EVERY_ENI = 'every ENI of the cluster';

/** Reads a request to EC2. */
export function ec2Call({ body }: GateRequest): Call {
  const query = new URLSearchParams(body);
  const action = query.get('Action') ?? '';
  const what = `${action}${detail(action, query)}`;
  const tokens = what.endsWith(' of the cluster') ? [EVERY_ENI] : [...new Set(query.values())];
  return { service: 'EC2', what, isWrite: !action.startsWith('Describe'), tokens };
}

function detail(action: string, query: URLSearchParams): string {
  if (action === 'ModifyNetworkInterfaceAttribute') {
    const found = Object.entries(ATTRIBUTES).find(([, key]) => query.has(key));
    return ` ${found?.[0] ?? 'unknown'}`;
  }
  if (action !== 'DescribeNetworkInterfaces') return '';
  const filters = [...query].filter(([key]) => /^Filter\.\d+\.Name$/.test(key)).map(([, value]) => value);
  return BY.find(([filter]) => filters.includes(filter))?.[1] ?? '';
}

/** The ids that EC2 has given in an answer: of a new ENI, or of a new attachment. */
export function idsIn(what: string, body: string): string[] {
  const element = { CreateNetworkInterface: 'networkInterfaceId', AttachNetworkInterface: 'attachmentId' }[what];
  if (element === undefined) return [];
  return [...body.matchAll(new RegExp(`<${element}>([^<]+)<`, 'g'))].map(([, id = '']) => id);
}
