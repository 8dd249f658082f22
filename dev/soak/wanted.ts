import type { Field } from './events.js';

/** What the edits of a NodeENI choose from. */
export interface Choices {
  /** Subnets of the nodes' zone. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** The spec of a NodeENI, as far as it is edited. */
export interface WantedSpec {
  readonly subnetID: string;
  readonly securityGroupIDs: readonly string[];
  readonly deviceIndex: number;
  readonly deleteOnTermination: boolean;
  readonly sourceDestCheck: boolean;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A node as the run has left it. */
export interface WantedNode {
  readonly name: string;
  readonly instanceId: string;
  /** Numbers of the NodeENIs whose label it carries. */
  readonly labels: ReadonlySet<number>;
}

/** A NodeENI as the run has left it. */
export interface WantedNodeEni {
  readonly name: string;
  readonly spec: WantedSpec;
}

/** A pair that has to have an ENI when everything has settled. */
export interface WantedPair {
  readonly nodeEni: string;
  readonly node: string;
  readonly instanceId: string;
  readonly spec: WantedSpec;
}

/** The name and the label key of a NodeENI by its number. */
export function nodeEniName(index: number): string {
  return `soak-${index}`;
}

/** The labels that make a node have ENIs of these NodeENIs. */
export function labelsOf(nodeEnis: Iterable<number>): Record<string, string> {
  return Object.fromEntries([...nodeEnis].map((index) => [nodeEniName(index), 'yes']));
}

/** How a NodeENI begins. Each has two device indexes of its own, so that none wants another's slot. */
export function firstSpec(nodeEni: number, choices: Choices): WantedSpec {
  return {
    subnetID: choose(choices.subnetIds, 0),
    securityGroupIDs: [choose(choices.securityGroupIds, 0)],
    deviceIndex: deviceIndex(nodeEni, 0),
    deleteOnTermination: true,
    sourceDestCheck: true,
    description: `soak ${nodeEni}`,
    tags: { soak: 'yes' },
  };
}

/** The part of a spec that an edit sets; `choice`, any whole number, says to what. Pure. */
export function editOf(field: Field, choice: number, nodeEni: number, choices: Choices): Partial<WantedSpec> {
  switch (field) {
    case 'description':
      return { description: `soak ${nodeEni}, edit ${choice}` };
    case 'securityGroups':
      return { securityGroupIDs: someGroups(choices.securityGroupIds, choice) };
    case 'tags':
      return { tags: { soak: 'yes', [`tag-${choice % 3}`]: String(choice) } };
    case 'deleteOnTermination':
      return { deleteOnTermination: choice % 2 === 0 };
    case 'sourceDestCheck':
      return { sourceDestCheck: choice % 2 === 0 };
    case 'subnet':
      return { subnetID: choose(choices.subnetIds, choice) };
    case 'deviceIndex':
      return { deviceIndex: deviceIndex(nodeEni, choice) };
  }
}

/** The pairs that should exist: each node that carries the label of a NodeENI. */
export function wantedPairs(nodes: readonly WantedNode[], nodeEnis: readonly WantedNodeEni[]): WantedPair[] {
  return nodes.flatMap(({ name, instanceId, labels }) =>
    nodeEnis.flatMap(({ name: nodeEni, spec }, index) =>
      labels.has(index) ? [{ nodeEni, node: name, instanceId, spec }] : [],
    ),
  );
}

function deviceIndex(nodeEni: number, choice: number): number {
  return 1 + 2 * nodeEni + (choice % 2);
}

function someGroups(ids: readonly string[], choice: number): string[] {
  const count = 1 + (choice % ids.length);
  return Array.from({ length: count }, (_, index) => choose(ids, choice + index));
}

function choose(ids: readonly string[], choice: number): string {
  const id = ids[choice % ids.length];
  if (id === undefined) throw new Error('there is nothing to choose from');
  return id;
}
