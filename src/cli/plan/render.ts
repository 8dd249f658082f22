import { REASONS } from '../../domain/reasons.js';
import { table } from '../render/table.js';
import type { Check } from './check.js';
import type { Action, Prediction } from './predict.js';

/** A prediction with what EC2 says to it. */
export interface Checked {
  readonly prediction: Prediction;
  /** Null: EC2 was not asked, or has no say in it. */
  readonly check: Check | null;
}

const ACTIONS: Readonly<Record<Action, string>> = {
  create: 'to create',
  replace: 'to replace',
  change: 'to change in place',
  remove: 'to remove',
  conflict: 'in conflict',
  skip: 'skipped',
  paused: 'paused',
  none: 'as wanted',
};

/** The plan as a table and a sum. @param all - also the pairs that are as wanted */
export function planText(rows: readonly Checked[], all: boolean): string {
  const shown = rows.filter(({ prediction }) => all || prediction.action !== 'none');
  const headings = ['NodeENI', 'Node', 'Action', 'Zone', 'Slot', 'Subnet', 'Detail'];
  const body = shown.length === 0 ? '' : `${table(headings, shown.map(row))}\n`;
  return `${body}${sum(rows)}${advice(rows)}`;
}

function row({ prediction, check }: Checked): string[] {
  const { nodeEni, node, action, desired } = prediction;
  const spec = desired?.spec;
  const slot = spec === undefined ? '' : `${spec.networkCardIndex}.${spec.deviceIndex}`;
  return [nodeEni, node, action, spec?.zone ?? '', slot, check?.subnetId ?? '', detail(prediction, check)];
}

function detail({ detail: why }: Prediction, check: Check | null): string {
  if (check === null || check.verdict === 'ok') return why;
  const refusal = `${check.verdict === 'waits' ? 'waits' : 'blocked'}, ${check.reason ?? ''}: ${check.message}`;
  return why === '' ? refusal : `${refusal}; ${why}`;
}

function sum(rows: readonly Checked[]): string {
  const counts = Object.entries(ACTIONS).flatMap(([action, words]) => {
    const count = rows.filter(({ prediction }) => prediction.action === action).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const blocked = rows.filter(({ check }) => check?.verdict === 'blocked').length;
  const parts = blocked === 0 ? counts : [...counts, `${blocked} of them blocked`];
  return `Plan: ${parts.length === 0 ? 'no node is selected' : parts.join(', ')}. Nothing was changed.\n`;
}

/** What to do about each reason that blocks, once. */
function advice(rows: readonly Checked[]): string {
  const reasons = new Set(rows.flatMap(({ check }) => (check?.verdict === 'blocked' ? (check.reason ?? []) : [])));
  return [...reasons].map((reason) => `${reason}: ${REASONS[reason]}.\n`).join('');
}
