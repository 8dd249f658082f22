import type { SoakResult } from './run.js';
import { isFlat, type MemoryCurve } from './memory.js';

const BEGIN = '<!-- soak:begin -->';
const END = '<!-- soak:end -->';

/** How many of what may not be. */
export interface Verdict {
  readonly leaked: number;
  readonly doubled: number;
  readonly wrong: number;
}

/** Counts a result: leaks, doubled ENIs, and whatever else was not as it should be. */
function verdict(result: SoakResult): Verdict {
  const { violations, problems, leaked, idleChanges, histories } = result;
  const doubled = violations.filter(({ kind }) => kind === 'doubled').length;
  const wrong = violations.length - doubled + problems.length + idleChanges + histories.last.failed.length;
  return { leaked: leaked.length, doubled, wrong };
}

/** True when nothing leaked, doubled or went wrong, and memory, where it could be measured, is flat. */
export function isGood(result: SoakResult): boolean {
  const { leaked, doubled, wrong } = verdict(result);
  return leaked + doubled + wrong === 0 && (result.memory === null || isFlat(result.memory));
}

/** The last line of a run. */
export function lastLine(result: SoakResult): string {
  const { leaked, doubled, wrong } = verdict(result);
  const minutes = Math.round((result.seconds / 60) * 10) / 10;
  return `soak: ${minutes} minutes, ${result.pairs} pairs, ${result.faults} faults, ${leaked} leaked, ${doubled} doubled, ${wrong} wrong`;
}

/** Everything that was found, one line each; none when all is well. */
export function findings(result: SoakResult): string[] {
  const { violations, problems, leaked, idleChanges, histories, memory } = result;
  return [
    ...violations.map(({ kind, what, seq, t }) => `${kind}: ${what} (journal ${seq}, t ${t})`),
    ...problems.map(({ pair, what }) => `not settled: ${pair}: ${what}`),
    ...leaked.map((what) => `leaked: ${what}`),
    ...histories.last.failed.map((id) => `workflow failed: ${id}`),
    ...(idleChanges === 0 ? [] : [`at rest: ${idleChanges} changes of EC2 were asked for`]),
    ...(memory === null || isFlat(memory) ? [] : [`the memory of the controller grew: ${mebibytes(memory)}`]),
  ];
}

/** The report in Markdown; ends with {@link lastLine}. */
export function markdown(result: SoakResult): string {
  const rows = Object.entries(result.events).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const facts = [
    `Seed ${result.seed}; ${result.looks} looks at the rules, each over every event of EC2's journal since the one before.`,
    `Everything was right ${result.settledAfterSeconds.toFixed(0)} s after the last event.`,
    ...memoryFacts(result),
  ];
  return [
    ...facts,
    '',
    ...table(['Event', 'Times'], rows),
    '',
    ...findings(result).map((line) => `- ${line}`),
    '```text',
    lastLine(result),
    '```',
  ].join('\n');
}

/** Puts a report between the markers of a page. @throws Error when the page lacks them */
export function insertReport(page: string, report: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page lacks the lines ${BEGIN} and ${END}, in this order`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${report}\n\n${page.slice(end)}`;
}

function memoryFacts({ memory, histories }: SoakResult): string[] {
  const { first, last } = histories;
  const events = `Histories had ${first.meanEvents} events on average at first (most: ${first.mostEvents}), ${last.meanEvents} at the end (most: ${last.mostEvents}).`;
  const anew = `Runs that could not go on and were followed by another: ${last.begunAnew}.`;
  if (memory === null) return [events, anew];
  const minutes = (memory.seconds / 60).toFixed(0);
  return [
    `The controller's memory in the quarters of its last ${minutes} minutes without a break was ${mebibytes(memory)}.`,
    events,
    anew,
  ];
}

function mebibytes({ quarters, most }: MemoryCurve): string {
  const rounded = quarters.map((mib) => mib.toFixed(0));
  return `${rounded.slice(0, 3).join(', ')} and ${rounded[3]} MiB (most: ${most.toFixed(0)} MiB)`;
}

function table(head: readonly [string, string], rows: readonly (readonly [string, number])[]): string[] {
  const width = Math.max(head[0].length, ...rows.map(([name]) => name.length));
  const line = (a: string, b: string): string => `| ${a.padEnd(width)} | ${b.padStart(5)} |`;
  return [
    line(head[0], head[1]),
    `| ${'-'.repeat(width)} | ----: |`,
    ...rows.map(([name, count]) => line(name, String(count))),
  ];
}
