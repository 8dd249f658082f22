import { readCluster, type Cluster } from '../cluster/cluster.js';
import { pairsOf, type Pair } from '../pairs/pair-states.js';
import { eniOf, shortId, stateWord } from '../pairs/words.js';
import { ago } from '../render/age.js';
import { table } from '../render/table.js';
import type { Session } from '../session.js';

/** Prints a table of nodes and NodeENIs, with the state of each pair. @throws CliFailure */
export async function status(session: Session): Promise<void> {
  const now = session.io.now();
  const cluster = await readCluster(session.kubernetes);
  const pairs = pairsOf(cluster, now);
  const wide = session.options.output === 'wide';
  session.print(data(cluster, pairs), () => (wide ? list(cluster, pairs, now) : matrix(cluster, pairs)));
}

/** One row for each node that any NodeENI is about, one column for each NodeENI. */
export function matrix(cluster: Cluster, pairs: readonly Pair[]): string {
  const columns = namesOf(cluster, pairs);
  if (columns.length === 0) return 'There are no NodeENIs.\n';
  const byNode = Map.groupBy(pairs, ({ node }) => node);
  const rows = [...byNode].map(([node, ofNode]) => [
    node,
    ...columns.map((name) =>
      ofNode
        .filter(({ nodeEni }) => nodeEni === name)
        .map(cell)
        .join(', '),
    ),
  ]);
  const idle = cluster.nodes.filter(({ name }) => !byNode.has(name)).length;
  return `${table(['Node', ...columns], rows)}${idleNodes(idle)}${unreadable(cluster)}`;
}

/** One row for each pair, with all that its status says. */
export function list(cluster: Cluster, pairs: readonly Pair[], now: number): string {
  if (namesOf(cluster, pairs).length === 0) return 'There are no NodeENIs.\n';
  const headings = ['Node', 'NodeENI', 'State', 'ENI', 'Slot', 'Private IP', 'Subnet', 'Zone', 'Since', 'Message'];
  return `${table(
    headings,
    pairs.map((pair) => wideRow(cluster, pair, now)),
  )}${unreadable(cluster)}`;
}

function wideRow(cluster: Cluster, pair: Pair, now: number): string[] {
  const { node, nodeEni, state } = pair;
  const head = [node, nodeEni, stateWord(pair), eniOf(pair)];
  if (state.kind !== 'attachment') return [...head, '', '', '', '', '', messageOf(pair)];
  const { name, spec, status: seen } = state.attachment;
  const slot = `${spec.networkCardIndex}.${spec.deviceIndex}`;
  const zone = seen.zone ?? spec.zone;
  const since = ago(cluster.readySince.get(name), now);
  return [...head, slot, seen.privateIp ?? '', seen.subnetId ?? '', zone, since, messageOf(pair)];
}

function messageOf({ state, conflictWith }: Pair): string {
  if (conflictWith !== null) return `NodeENI ${conflictWith} holds the slot`;
  return state.kind === 'attachment' ? (state.attachment.status.message ?? '') : '';
}

function cell(pair: Pair): string {
  return `${stateWord(pair)} ${shortId(eniOf(pair))}`.trimEnd();
}

function namesOf({ nodeEnis }: Cluster, pairs: readonly Pair[]): string[] {
  return [...new Set([...nodeEnis.map(({ name }) => name), ...pairs.map(({ nodeEni }) => nodeEni)])].sort();
}

function idleNodes(count: number): string {
  if (count === 0) return '';
  return `\n${count} more ${count === 1 ? 'node is' : 'nodes are'} selected by no NodeENI.\n`;
}

function unreadable({ unreadable: { nodes, nodeEnis, attachments } }: Cluster): string {
  const names = [...nodes, ...nodeEnis, ...attachments];
  return names.length === 0 ? '' : `\nNot understood by this version, and left out: ${names.join(', ')}\n`;
}

function data(cluster: Cluster, pairs: readonly Pair[]): object {
  return {
    nodeEnis: namesOf(cluster, pairs),
    pairs: pairs.map((pair) => {
      const { node, nodeEni, state, conflictWith } = pair;
      const base = { node, nodeEni, state: stateWord(pair), conflictWith };
      if (state.kind !== 'attachment') return { ...base, attachment: null };
      const { name, spec, status: found } = state.attachment;
      const { instanceId, deviceIndex, networkCardIndex } = spec;
      const since = cluster.readySince.get(name) ?? null;
      return { ...base, attachment: name, instanceId, deviceIndex, networkCardIndex, since, status: found };
    }),
    unreadable: cluster.unreadable,
  };
}
