import type { Cluster } from '../cluster/cluster.js';
import { CliFailure, wrongUse } from '../failure.js';

/** A node or a NodeENI that a user has named. */
export interface Subject {
  readonly kind: 'node' | 'nodeeni';
  readonly name: string;
}

const KINDS: Readonly<Record<string, Subject['kind']>> = {
  node: 'node',
  nodes: 'node',
  no: 'node',
  nodeeni: 'nodeeni',
  nodeenis: 'nodeeni',
  neni: 'nodeeni',
};

/**
 * Reads `node/NAME` or `nodeeni/NAME`; null for a name without a kind.
 *
 * @throws CliFailure for another kind
 */
export function parseSubject(text: string): Subject | null {
  const [kind = '', name, ...more] = text.split('/');
  if (name === undefined) return null;
  const known = KINDS[kind.toLowerCase()];
  if (known === undefined || name === '' || more.length > 0) {
    throw wrongUse(`${text} is neither node/NAME nor nodeeni/NAME`);
  }
  return { kind: known, name };
}

/**
 * Finds what a user means by a name, with or without its kind.
 *
 * @throws CliFailure when there is none of the name, or both a node and a NodeENI
 */
export function findSubject(cluster: Cluster, text: string): Subject {
  const given = parseSubject(text);
  const name = given?.name ?? text;
  const found = (['node', 'nodeeni'] as const).filter((kind) => exists(cluster, { kind, name }));
  if (given !== null) {
    if (found.includes(given.kind)) return given;
    throw new CliFailure(`there is no ${given.kind} ${name}\nSee \`kubectl get ${given.kind}s\`.`);
  }
  const [kind, other] = found;
  if (kind === undefined) {
    throw new CliFailure(
      `there is no node and no NodeENI ${name}\nSee \`kubectl get nodes\` and \`kubectl get nodeenis\`.`,
    );
  }
  if (other !== undefined) {
    throw wrongUse(`there is a node and a NodeENI ${name}: say node/${name} or nodeeni/${name}`);
  }
  return { kind, name };
}

/** A NodeENI or node that is gone counts while it has Attachments, since these are what is asked about. */
function exists({ nodes, nodeEnis, attachments, unreadable }: Cluster, { kind, name }: Subject): boolean {
  if (kind === 'node') {
    return nodes.some((node) => node.name === name) || attachments.some(({ spec }) => spec.nodeName === name);
  }
  return (
    nodeEnis.some((nodeEni) => nodeEni.name === name) ||
    unreadable.nodeEnis.includes(name) ||
    attachments.some(({ spec }) => spec.nodeEni.name === name)
  );
}
