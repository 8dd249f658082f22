import assert from 'node:assert/strict';

import { eventually } from '../stack/eventually.js';
import type { Batch } from './boundaries.js';
import { type Boundary, nameOf, type Phase } from './calls.js';
import { problemsOf, type Run, runsOf } from './history.js';
import { holdsUpWatcher } from './kubernetes-calls.js';
import { CLUSTER, type Lab } from './lab.js';
import { spaced, type Subjects } from './subjects.js';
import type { Subject } from './subject.js';
import type { Verdict } from './verdict.js';

/** Longest that a pair may take to its boundary; the usual is a second. */
const REACH_MS = 12_000;

/** Longest that pairs may take to heal: the worker's loss is noticed after ten seconds. */
const HEAL_MS = 90_000;

/** Longest that Temporal's list may lag behind. */
const VISIBILITY_MS = 30_000;

const LOOK_MS = 200;

interface Member {
  readonly boundary: Boundary;
  readonly subject: Subject;
}

/** Strikes the pairs of a batch, each at its boundary, lets them heal, releases them, and says what became of each. */
export async function runBatch(lab: Lab, subjects: Subjects, { kind, boundaries }: Batch): Promise<Verdict[]> {
  const made = await subjects.make(boundaries.map(({ call }) => call.what));
  const members = boundaries.map((boundary, index) => ({ boundary, subject: made[index]! }));
  await prepare(lab, members);
  await drive(members);
  const unreached = members.filter(({ subject }) => subject.tape.strikeState !== (kind === 'lost' ? 'done' : 'held'));
  if (kind === 'kill') {
    await lab.killController();
    await lab.startController();
  }
  const unhealed = await heal(lab, members);
  const unreleased = await release(lab, members);
  const verdicts = await Promise.all(
    members.map(async (member): Promise<Verdict> => {
      const missing = unhealed.get(member) ?? unreleased.get(member);
      return {
        boundary: member.boundary,
        reached: !unreached.includes(member),
        problems: [...(missing === undefined ? [] : [missing]), ...(await temporalProblems(lab, member.subject))],
        ...(await counts(lab, member.subject)),
      };
    }),
  );
  for (const { subject } of members) lab.tapes.remove(subject.tape);
  return verdicts;
}

/** Pairs that are struck later in their life are made first, in peace. */
async function prepare(lab: Lab, members: readonly Member[]): Promise<void> {
  const later = members.filter(({ boundary }) => boundary.call.phase !== 'make');
  if (later.length === 0) return;
  for (const { subject } of later) subject.tape.begin('make');
  await Promise.all(later.map(({ subject }) => subject.trigger('make')));
  const missing = await settle(lab, later, () => 'make');
  assert.deepEqual([...missing.values()], [], 'pairs are made before they are struck');
  await spaced();
}

/**
 * Reads first and one after another, since reads of several pairs at a time become one call; then the writes at once;
 * last what stops the watcher, for no pair gets anywhere after it.
 */
async function drive(members: readonly Member[]): Promise<void> {
  const ofWatcher = members.filter(({ boundary }) => holdsUpWatcher(boundary.call.what));
  const reads = members.filter(({ boundary }) => !boundary.call.isWrite);
  const writes = members.filter((member) => !ofWatcher.includes(member) && !reads.includes(member));
  for (const read of reads) await strike(read);
  await Promise.all(writes.map(strike));
  await Promise.all(ofWatcher.map(strike));
}

async function strike({ boundary, subject }: Member): Promise<void> {
  subject.tape.begin(boundary.call.phase, boundary);
  await subject.trigger(boundary.call.phase);
  const reached = (): boolean => subject.tape.strikeState !== 'awaited';
  await eventually(nameOf(boundary), reached, { timeoutMs: REACH_MS, intervalMs: 10 }).catch(() => undefined);
}

async function heal(lab: Lab, members: readonly Member[]): Promise<Map<Member, string>> {
  return settle(lab, members, ({ boundary }) => boundary.call.phase);
}

/** Ends the lives of those that are not released yet. */
async function release(lab: Lab, members: readonly Member[]): Promise<Map<Member, string>> {
  const present = members.filter(({ boundary }) => boundary.call.phase !== 'release');
  for (const { subject } of present) subject.tape.begin('release');
  await Promise.all(present.map(({ subject }) => subject.trigger('release')));
  return settle(lab, members, () => 'release');
}

/** Waits until all are as they should be. Returns what is missing of those that are not. */
async function settle(
  lab: Lab,
  members: readonly Member[],
  phaseOf: (member: Member) => Phase,
): Promise<Map<Member, string>> {
  let missing = new Map<Member, string>();
  const look = async (): Promise<boolean> => {
    const picture = await lab.picture();
    const found = members.map((member) => [member, member.subject.missing(phaseOf(member), picture)] as const);
    missing = new Map(found.filter((one): one is [Member, string] => one[1] !== null));
    return missing.size === 0;
  };
  await eventually('all pairs are as they should be', look, { timeoutMs: HEAL_MS, intervalMs: LOOK_MS }).catch(
    () => undefined,
  );
  return missing;
}

/** Temporal's list of runs lags behind, so it is waited for until it shows their end. */
async function temporalProblems(lab: Lab, { name, workflowId }: Subject): Promise<string[]> {
  return lab.pairs.temporal(async (client) => {
    const list = async (): Promise<Run[]> => runsOf(client, CLUSTER, name);
    const ended = async (): Promise<Run[] | null> => {
      const runs = await list();
      return runs.length > 0 && runs.every(({ status }) => status !== 'RUNNING') ? runs : null;
    };
    const options = { timeoutMs: VISIBILITY_MS, intervalMs: LOOK_MS };
    const runs = await eventually(`the runs of ${name} have ended`, ended, options).catch(list);
    return problemsOf(client, runs, workflowId);
  });
}

async function counts(lab: Lab, { name }: Subject): Promise<{ made: number; left: number }> {
  const [ids, enis] = await Promise.all([lab.pairs.everMade(name, name), lab.pairs.enis(name)]);
  return { made: ids.length, left: enis.length };
}
