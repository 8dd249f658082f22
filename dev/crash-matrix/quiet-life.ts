import { eventually } from '../stack/eventually.js';
import { type LifeCall, PHASES } from './calls.js';
import type { Lab } from './lab.js';
import { spaced, type Subjects } from './subjects.js';

const SETTLE_MS = 30_000;

/**
 * Lets a pair live undisturbed, and returns the calls of its life in order. Nobody writes them down: a call that the
 * controller makes tomorrow is in the list tomorrow.
 */
export async function quietLife(lab: Lab, subjects: Subjects): Promise<LifeCall[]> {
  const [subject] = await subjects.make(['DescribeInstanceTypes']);
  if (subject === undefined) return [];
  for (const phase of PHASES) {
    subject.tape.begin(phase);
    await subject.trigger(phase);
    await eventually(
      `the pair is through with ${phase}`,
      async () => {
        const missing = subject.missing(phase, await lab.picture());
        if (missing !== null) throw new Error(missing);
        return true;
      },
      { timeoutMs: SETTLE_MS },
    );
    await spaced();
  }
  lab.tapes.remove(subject.tape);
  return [...subject.tape.calls];
}
