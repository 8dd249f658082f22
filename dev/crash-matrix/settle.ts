import { eventually } from '../stack/eventually.js';
import type { Phase } from './calls.js';
import type { Lab, Picture } from './lab.js';
import type { Subject } from './subject.js';

/** A pair in a phase of its life. */
export interface Living {
  readonly subject: Subject;
  readonly phase: Phase;
}

/** Longest that pairs may take to heal: the worker's loss is noticed after ten seconds. */
const HEAL_MS = 90_000;

const LOOK_MS = 200;

/** Waits until all have come to the end of their phase. Returns what is missing of those that have not. */
export async function settle(lab: Lab, living: readonly Living[]): Promise<Map<Subject, string>> {
  return settled(lab, living, ({ subject, phase }, picture) => subject.missing(phase, picture));
}

/** Waits until nothing is missing of any. Returns what is missing of the others, in words of `missing`. */
export async function settled(
  lab: Lab,
  living: readonly Living[],
  missing: (one: Living, picture: Picture) => string | null,
): Promise<Map<Subject, string>> {
  let found = new Map<Subject, string>();
  const look = async (): Promise<boolean> => {
    const picture = await lab.picture();
    found = new Map(living.flatMap((one) => entry(one.subject, missing(one, picture))));
    return found.size === 0;
  };
  const options = { timeoutMs: HEAL_MS, intervalMs: LOOK_MS };
  await eventually('all pairs are as they should be', look, options).catch(() => undefined);
  return found;
}

function entry(subject: Subject, missing: string | null): [Subject, string][] {
  return missing === null ? [] : [[subject, missing]];
}
