import { table } from '../cli/render/table.js';
import { LEFT_REASONS } from '../domain/migration/left-reasons.js';
import type { MigrationPlan, MigrationRow } from '../domain/migration/plan-migration.js';
import type { EniFacts } from '../domain/observation.js';
import type { EniChanges } from '../domain/step.js';
import type { Applied } from './apply.js';

/** Everything that a run has to tell. */
export interface Report {
  readonly clusterName: string;
  readonly plan: MigrationPlan;
  /** What shows that the Go controller runs. */
  readonly alive: readonly string[];
  /** Null for a dry run. */
  readonly applied: Applied | null;
}

const WORDS = { takeOver: 'take over', ours: 'ours already', left: 'not taken over', none: 'no ENI' } as const;

/** The report for people. */
export function reportText(report: Report): string {
  const { rows, finalizers, specs } = report.plan;
  const headings = ['NodeENI', 'Node', 'ENI', 'Index', 'Subnet', 'Verdict', 'Detail'];
  return [
    rows.length === 0
      ? 'There is no ENI of the Go controller, and no pair that wants one.\n'
      : table(headings, rows.map(cells)),
    '\n',
    ...advice(rows),
    tagsText(rows),
    ...specs.map(({ name, problem }) => `NodeENI ${name} has to be changed: ${problem}.\n`),
    ...finalizers.map(({ name, action }) => `The Go controller's finalizer on NodeENI ${name} ${ACTIONS[action]}.\n`),
    ...report.alive.map((sign) => `The Go controller is not stopped. ${sign}\n`),
    outcome(report),
  ].join('');
}

const ACTIONS = {
  replace: "is replaced by this controller's",
  keep: 'stays: the NodeENI is being deleted, or has ENIs that are not taken over',
} as const;

/** The same as data. */
export function reportData({ clusterName, plan, alive, applied }: Report): object {
  return {
    cluster: clusterName,
    rows: plan.rows.map(rowData),
    finalizers: plan.finalizers,
    specs: plan.specs,
    goControllerAlive: alive,
    applied,
  };
}

function rowData({ node, nodeEni, eni, verdict }: MigrationRow): object {
  const { instanceId = null, deviceIndex = null } = eni?.attachment ?? {};
  const base = { nodeEni, node, eni: eni?.eniId ?? null, subnet: eni?.subnetId ?? null, instanceId, deviceIndex };
  const known = { ...base, verdict: verdict.kind };
  switch (verdict.kind) {
    case 'ours':
      return known;
    case 'none':
      return { ...known, message: verdict.message };
    case 'left':
      return { ...known, reason: verdict.reason, message: verdict.message };
    case 'takeOver':
      return { ...known, tags: verdict.tags, laterChanges: verdict.changes };
  }
}

function cells({ node, nodeEni, eni, verdict }: MigrationRow): string[] {
  const index = eni?.attachment?.deviceIndex;
  const place = [eni?.eniId ?? '', index === undefined ? '' : String(index), eni?.subnetId ?? ''];
  return [nodeEni, node, ...place, WORDS[verdict.kind], detail(verdict, eni)];
}

function detail(verdict: MigrationRow['verdict'], eni: EniFacts | null): string {
  switch (verdict.kind) {
    case 'ours':
      return '';
    case 'none':
      return verdict.message;
    case 'left':
      return `${verdict.reason}: ${verdict.message}`;
    case 'takeOver':
      return eni === null ? '' : changesText(verdict.changes, eni);
  }
}

/** What the controller will change in place once it runs. */
function changesText(changes: EniChanges, eni: EniFacts): string {
  const { securityGroupIds, description, sourceDestCheck, deleteOnTermination } = changes;
  const parts = [
    ...(securityGroupIds === undefined ? [] : [fromTo('groups', eni.securityGroupIds, securityGroupIds)]),
    ...(sourceDestCheck === undefined ? [] : [fromTo('sourceDestCheck', eni.sourceDestCheck, sourceDestCheck)]),
    ...(deleteOnTermination === undefined
      ? []
      : [fromTo('deleteOnTermination', eni.attachment?.deleteOnTermination ?? false, deleteOnTermination)]),
    ...(description === undefined ? [] : ['description']),
  ];
  return parts.length === 0 ? '' : `changes in place later: ${parts.join('; ')}`;
}

function fromTo(what: string, from: boolean | readonly string[], to: boolean | readonly string[]): string {
  return `${what} ${String(from)} -> ${String(to)}`;
}

/** What to do about each reason, once. */
function advice(rows: readonly MigrationRow[]): string[] {
  const reasons = new Set(rows.flatMap(({ verdict }) => (verdict.kind === 'left' ? [verdict.reason] : [])));
  return [...reasons].map((reason) => `${reason}: ${LEFT_REASONS[reason]}.\n`);
}

function tagsText(rows: readonly MigrationRow[]): string {
  const [first] = rows.flatMap(({ eni, verdict }) =>
    verdict.kind === 'takeOver' ? [{ eni, tags: verdict.tags }] : [],
  );
  if (first === undefined) return '';
  const tags = Object.entries(first.tags).map(([key, value]) => `  ${key}=${value}\n`);
  return `Tags of each that is taken over, here of ${first.eni?.eniId ?? ''}:\n${tags.join('')}`;
}

function outcome({ plan: { rows }, applied }: Report): string {
  const counts = Object.entries(WORDS).flatMap(([kind, words]) => {
    const count = rows.filter(({ verdict }) => verdict.kind === kind).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const sum = counts.length === 0 ? 'nothing to do' : counts.join(', ');
  if (applied === null) return `Plan: ${sum}. Nothing was changed; --apply does it.\n`;
  const { tagged, changed, finalizers } = applied;
  const moved =
    changed.length === 0 ? '' : ` No longer as planned, so left alone: ${changed.join(', ')}; run it again.`;
  return `Planned: ${sum}. Tagged ${tagged.length} ENIs, replaced ${finalizers.length} finalizers.${moved}\n`;
}
