import { ago } from '../render/age.js';
import { table } from '../render/table.js';
import type { Chain, Link } from './chain.js';
import type { ToldEvent } from './events.js';
import type { Live } from './live.js';

/** A chain with what belongs to it besides. */
export interface Explained {
  readonly chain: Chain;
  readonly workflowId: string | null;
  readonly webUi: string | null;
  /** Null: it was not asked for, or could not be had. */
  readonly live: Live | null;
}

/** A pair's chain in words. @param now - milliseconds since 1970 */
export function explainedText({ chain, workflowId, webUi, live }: Explained, now: number): string {
  const since = chain.since === null ? '' : ` (for ${ago(chain.since, now)})`;
  return [
    `NodeENI ${chain.nodeEni} on node ${chain.node}\n`,
    ...chain.links.map((link) => linkText(link, link.of === 'eni' ? since : '')),
    ...(workflowId === null ? [] : [line('workflow', `${workflowId}${live === null ? '' : ` (${live.status})`}`)]),
    ...(live === null ? [] : liveLines(live, now)),
    ...(webUi === null ? [] : [line('web ui', webUi)]),
  ].join('');
}

/** Events as a table under a heading; empty for none. */
export function eventsText(events: readonly ToldEvent[], now: number): string {
  if (events.length === 0) return '';
  const rows = events.map(({ at, about, type, reason, message }) => [ago(at, now), type, reason, about, message]);
  return `\nEvents\n${table(['Last seen', 'Type', 'Reason', 'Object', 'Message'], rows)}`;
}

function linkText({ of, verdict, text, toDo }: Link, since: string): string {
  const head = line(of, `${verdict.padEnd(5)}  ${text}${since}`);
  return toDo === null ? head : `${head}${line('', `       to do: ${toDo}`)}`;
}

function liveLines({ status, pending, nextLookAt }: Live, now: number): string[] {
  if (status !== 'running') {
    return [line('', 'it does not run; the controller starts it at its next resync')];
  }
  const activities = pending.map(({ activity, attempt, failure, nextAttemptAt }) => {
    const next = nextAttemptAt === null ? 'under way' : `next in ${inSeconds(nextAttemptAt, now)}`;
    return line('', `${activity}, attempt ${attempt}, ${next}${failure === '' ? '' : `; before: ${failure}`}`);
  });
  return nextLookAt === null ? activities : [...activities, line('', `looks again in ${inSeconds(nextLookAt, now)}`)];
}

function inSeconds(time: string, now: number): string {
  return `${Math.max(0, Math.ceil((Date.parse(time) - now) / 1_000))}s`;
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(12)}${text}\n`;
}
