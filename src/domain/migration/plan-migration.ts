import { instanceIdsOf } from '../node.js';
import type { EniFacts } from '../observation.js';
import type { DesiredPair } from '../pairing/desired.js';
import { TAG_KEYS } from '../tags.js';
import { type ClusterIndex, indexOf, type MigrationView, namesKey, slotKey } from './cluster-index.js';
import { GO_TAGS, type GoNodeEni } from './go-controller.js';
import { judge, type Verdict } from './judge.js';
import { left } from './left-reasons.js';
import { specProblem } from './spec-problem.js';

/** One line of the plan: an ENI, or a pair that has none to take over. */
export interface MigrationRow {
  readonly node: string;
  readonly nodeEni: string;
  /** Null for a pair without one. */
  readonly eni: EniFacts | null;
  readonly verdict:
    | Verdict
    /** The controller will make one when it starts, or be blocked. */
    | { readonly kind: 'none'; readonly message: string };
}

/** What becomes of the Go controller's finalizer on a NodeENI. */
export interface FinalizerChange {
  readonly name: string;
  readonly uid: string;
  /** `replace` by this controller's own, once the ENIs are tagged; `keep` while ENIs of it are left. */
  readonly action: 'replace' | 'keep';
}

/** What a migration does. */
export interface MigrationPlan {
  /** By NodeENI, node and ENI. */
  readonly rows: readonly MigrationRow[];
  /** Of the NodeENIs that carry the Go controller's finalizer. */
  readonly finalizers: readonly FinalizerChange[];
  /** The NodeENIs whose spec has to be changed before the CRD is replaced. */
  readonly specs: readonly { readonly name: string; readonly problem: string }[];
}

/**
 * Decides which of the Go controller's ENIs are handed over by tags, and which are not, and why. Pure; the plan of what a
 * plan has brought about hands over nothing more.
 */
export function planMigration(view: MigrationView): MigrationPlan {
  const index = indexOf(view);
  const judged = view.enis.map((eni) => rowOf(eni, judge(eni, index)));
  const enis = withoutDoubles(judged);
  const rows = [...enis, ...withoutEni(enis, index)].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return { rows, finalizers: finalizersOf(index, rows), specs: view.nodeEnis.flatMap(specOf) };
}

function specOf(one: GoNodeEni): { name: string; problem: string }[] {
  const problem = specProblem(one);
  return problem === null ? [] : [{ name: one.nodeEni.name, problem }];
}

function rowOf(eni: EniFacts, verdict: Verdict): MigrationRow {
  const { tags } = eni;
  if (verdict.kind === 'takeOver') {
    return { node: verdict.pair.node.name, nodeEni: verdict.pair.nodeEni.name, eni, verdict };
  }
  return {
    node: tags[TAG_KEYS.node] ?? tags[GO_TAGS.node] ?? '',
    nodeEni: tags[TAG_KEYS.nodeEni] ?? tags[GO_TAGS.nodeEni] ?? '',
    ...{ eni, verdict },
  };
}

/** Two ENIs with the tags of one pair would be a guess, which the controller must not be left to make. */
function withoutDoubles(rows: readonly MigrationRow[]): MigrationRow[] {
  const taken = Map.groupBy(
    rows.filter(({ verdict }) => verdict.kind === 'takeOver'),
    ({ nodeEni, node }) => namesKey(nodeEni, node),
  );
  return rows.map((row) => {
    const rivals = taken.get(namesKey(row.nodeEni, row.node)) ?? [];
    if (row.verdict.kind !== 'takeOver' || rivals.length < 2) return row;
    const others = rivals.filter((one) => one !== row).map(({ eni }) => eni?.eniId ?? '');
    return { ...row, verdict: left('TwoForSlot', `${others.join(' and ')} would have the same slot of ${row.node}`) };
  });
}

/** The pairs that should exist and get no ENI by the migration. */
function withoutEni(rows: readonly MigrationRow[], { winners, held }: ClusterIndex): MigrationRow[] {
  const served = new Set(
    rows.flatMap(({ verdict, nodeEni, node }) => (verdict.kind === 'takeOver' ? [namesKey(nodeEni, node)] : [])),
  );
  const inSlot = new Map(
    rows.flatMap(({ eni }) => (eni?.attachment ? [[slotKey(eni.attachment), eni.eniId] as const] : [])),
  );
  return [...winners.values()].flatMap((pair) => {
    const key = namesKey(pair.nodeEni.name, pair.node.name);
    if (served.has(key) || held.has(key)) return [];
    const verdict = { kind: 'none', message: expectation(pair, inSlot.get(slotKey(pair.spec))) } as const;
    return [{ node: pair.node.name, nodeEni: pair.nodeEni.name, eni: null, verdict }];
  });
}

function expectation({ spec }: DesiredPair, holder: string | undefined): string {
  const slot = `index ${spec.deviceIndex} of card ${spec.networkCardIndex}`;
  if (holder === undefined) return `the controller will make an ENI at ${slot}`;
  return `the controller will be blocked: ${holder} holds ${slot}`;
}

/** A finalizer stays while ENIs of its NodeENI are left here, so that nobody deletes the one and forgets the other. */
function finalizersOf(index: ClusterIndex, rows: readonly MigrationRow[]): FinalizerChange[] {
  const instances = instanceIdsOf(index.view.nodes);
  const unfinished = new Set(
    rows
      .filter(({ verdict, eni }) => verdict.kind === 'left' && isHere(eni, instances, index))
      .map(({ nodeEni }) => nodeEni),
  );
  return index.view.nodeEnis
    .filter(({ hasGoFinalizer }) => hasGoFinalizer)
    .map(({ nodeEni: { name, uid, deleting } }) => {
      return { name, uid, action: deleting || unfinished.has(name) ? 'keep' : 'replace' };
    });
}

/** The tags alone do not tell: another cluster may have a NodeENI and a node of the same names. */
function isHere(eni: EniFacts | null, instances: ReadonlySet<string>, { entries }: ClusterIndex): boolean {
  return eni !== null && (entries.has(eni.eniId) || instances.has(eni.attachment?.instanceId ?? ''));
}

function sortKey({ nodeEni, node, eni }: MigrationRow): string {
  return `${nodeEni}/${node}/${eni?.eniId ?? ''}`;
}
