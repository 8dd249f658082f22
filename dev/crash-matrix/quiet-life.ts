import assert from 'node:assert/strict';

import type { LifeCall, Phase } from './calls.js';
import type { Lab } from './lab.js';
import { lose } from './prepare.js';
import { settle } from './settle.js';
import type { Subject } from './subject.js';
import { spaced, type Subjects } from './subjects.js';

/**
 * Lets pairs live undisturbed, and returns the calls of their lives in order. Nobody writes them down: a call that the
 * controller makes tomorrow is in the list tomorrow.
 */
export async function quietLife(lab: Lab, subjects: Subjects): Promise<LifeCall[]> {
  const [pair, leaked] = await subjects.make(['DescribeInstanceTypes', 'the audit']);
  if (pair === undefined || leaked === undefined) return [];
  await live(lab, pair, ['make', 'replace']);
  await live(lab, leaked, ['make']);
  await lose(lab, [
    { subject: pair, phase: 'adopt' },
    { subject: leaked, phase: 'sweep' },
  ]);
  await live(lab, pair, ['adopt', 'change', 'release']);
  await live(lab, leaked, ['sweep']);
  for (const { tape } of [pair, leaked]) lab.tapes.remove(tape);
  return [...pair.tape.calls, ...leaked.tape.calls.filter(({ phase }) => phase === 'sweep')];
}

async function live(lab: Lab, subject: Subject, phases: readonly Phase[]): Promise<void> {
  for (const phase of phases) {
    subject.tape.begin(phase);
    await subject.trigger(phase);
    const missing = await settle(lab, [{ subject, phase }]);
    assert.deepEqual([...missing.values()], [], `the pair is through with ${phase}`);
    await spaced();
  }
}
