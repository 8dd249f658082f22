import { eventually } from '../stack/eventually.js';
import type { Batch } from './boundaries.js';
import { type Boundary, isLast, nameOf } from './calls.js';
import { holdsUpWatcher } from './kubernetes-calls.js';
import type { Lab } from './lab.js';
import { prepare } from './prepare.js';
import { type Living, settle } from './settle.js';
import type { Subjects } from './subjects.js';
import type { Subject } from './subject.js';
import { temporalProblems } from './temporal-problems.js';
import type { Verdict } from './verdict.js';

/** Longest that a pair may take to its boundary; the usual is a second. */
const REACH_MS = 12_000;

/** Writes before a call from which on a pair takes long to come to it: those of a release, or most of those of a making. */
const FAR = 6;

interface Member extends Living {
  readonly boundary: Boundary;
}

/** Strikes the pairs of a batch, each at its boundary, lets them heal, releases them, and says what became of each. */
export async function runBatch(lab: Lab, subjects: Subjects, { kind, boundaries }: Batch): Promise<Verdict[]> {
  const made = await subjects.make(boundaries.map(({ call }) => call.what));
  const members = boundaries.map((boundary, index) => ({
    boundary,
    phase: boundary.call.phase,
    subject: made[index]!,
  }));
  await prepare(lab, members);
  await drive(members);
  const unreached = members.filter(({ subject }) => subject.tape.strikeState !== (kind === 'lost' ? 'done' : 'held'));
  if (kind === 'kill') {
    await lab.killController();
    await lab.startController();
  }
  const unhealed = await settle(lab, members);
  const unreleased = await release(lab, members);
  const verdicts = await Promise.all(
    members.map(async (member): Promise<Verdict> => {
      const missing = unhealed.get(member.subject) ?? unreleased.get(member.subject);
      return {
        boundary: member.boundary,
        reached: !unreached.includes(member),
        problems: [...(missing === undefined ? [] : [missing]), ...(await temporalProblems(lab, member))],
        ...(await counts(lab, member.subject)),
      };
    }),
  );
  for (const { subject } of members) lab.tapes.remove(subject.tape);
  return verdicts;
}

/**
 * What is far off first, at once: until the first pair is held, time does not count. Then reads, one after another, since
 * reads of several pairs at a time become one call; then the other writes at once; then those that are swept, at once,
 * since one audit deletes all that is leaked; last what stops the watcher, for no pair gets anywhere after it.
 */
async function drive(members: readonly Member[]): Promise<void> {
  const ofWatcher = members.filter(({ boundary }) => holdsUpWatcher(boundary.call.what));
  const swept = members.filter(({ phase }) => phase === 'sweep');
  const others = members.filter((member) => !ofWatcher.includes(member) && !swept.includes(member));
  const reads = others.filter(({ boundary }) => !boundary.call.isWrite);
  const writes = others.filter(({ boundary }) => boundary.call.isWrite);
  const far = writes.filter(({ boundary }) => boundary.call.writesBefore >= FAR);
  const near = writes.filter((member) => !far.includes(member));
  await Promise.all(far.map(strike));
  for (const read of reads) await strike(read);
  await Promise.all(near.map(strike));
  await Promise.all(swept.map(strike));
  await Promise.all(ofWatcher.map(strike));
}

async function strike({ boundary, subject }: Member): Promise<void> {
  subject.tape.begin(boundary.call.phase, boundary);
  await subject.trigger(boundary.call.phase);
  const reached = (): boolean => subject.tape.strikeState !== 'awaited';
  await eventually(nameOf(boundary), reached, { timeoutMs: REACH_MS, intervalMs: 10 }).catch(() => undefined);
}

/** Ends the lives of those that are not released yet. */
async function release(lab: Lab, members: readonly Member[]): Promise<Map<Subject, string>> {
  const present = members.filter(({ boundary }) => !isLast(boundary.call.phase));
  for (const { subject } of present) subject.tape.begin('release');
  await Promise.all(present.map(({ subject }) => subject.trigger('release')));
  return settle(
    lab,
    members.map(({ subject }) => ({ subject, phase: 'release' as const })),
  );
}

async function counts(lab: Lab, { name }: Subject): Promise<{ made: number; left: number }> {
  const [ids, enis] = await Promise.all([lab.pairs.everMade(name, name), lab.pairs.enis(name)]);
  return { made: ids.length, left: enis.length };
}
