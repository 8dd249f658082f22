import { setTimeout as sleep } from 'node:timers/promises';

import { seedNodes } from '../stack/nodes.js';
import type { Lab } from './lab.js';
import { nodeOf, Subject } from './subject.js';

const COMMON_TYPE = 'm5.4xlarge';

/** What is known of a type is kept for ever: each pair of which the read is to be seen has a type of its own. */
const RARE_TYPES = [
  'm5.large',
  'm5.xlarge',
  'm5.2xlarge',
  'c5.large',
  'c5.xlarge',
  'c5.2xlarge',
  'r5.large',
  'r5.xlarge',
  'r5.2xlarge',
  'm5a.large',
  'm5n.large',
  'c5n.large',
] as const;

/** Least time between two status writes of one NodeENI, and a bit. */
const STATUS_SPACING_MS = 1_100;

/**
 * Lets a second pass between two phases: the first write of a NodeENI's status comes at once then, as it does in a life
 * in which the user takes their time. Only how many status writes there are depends on it.
 */
export async function spaced(): Promise<void> {
  await sleep(STATUS_SPACING_MS);
}

/** Makes pairs, no two alike. */
export class Subjects {
  #made = 0;
  #rare = 0;

  constructor(private readonly lab: Lab) {}

  /** One pair for each kind of call at which it is to be struck. */
  async make(calls: readonly string[]): Promise<Subject[]> {
    const specs = calls.map((what, index) => nodeOf(`pair-${this.#made + index}`, this.#typeFor(what)));
    const first = this.#made;
    this.#made += specs.length;
    const nodes = await seedNodes(this.lab.stack, this.lab.vpc, specs);
    const subjects: Subject[] = [];
    for (const [index, node] of nodes.entries()) {
      const { instanceType } = specs[index]!;
      subjects.push(await Subject.make(this.lab, first + index, { ...node, instanceType }));
    }
    return subjects;
  }

  #typeFor(what: string): (typeof RARE_TYPES)[number] | typeof COMMON_TYPE {
    if (what !== 'DescribeInstanceTypes') return COMMON_TYPE;
    const type = RARE_TYPES[this.#rare];
    if (type === undefined) throw new Error('no instance type is left that no pair has had');
    this.#rare += 1;
    return type;
  }
}
