import { readCluster, type Cluster } from '../cluster/cluster.js';
import { pairsOf } from '../pairs/pair-states.js';
import { findSubject, type Subject } from '../pairs/subject.js';
import { workflowIdOf } from '../pairs/target.js';
import type { Session } from '../session.js';
import { chainOf, isWell, unselected, type Chain } from '../why/chain.js';
import { recentEvents, type ToldEvent } from '../why/events.js';
import { liveStates, type LiveStates } from '../why/live.js';
import { eventsText, type Explained, explainedText } from '../why/render.js';

/** Pairs that are explained in full; of a large NodeENI more would hide what is wrong. */
const EXPLAINED = 10;

/**
 * Explains a node or a NodeENI: for each pair the chain from the spec to EC2. Pairs in trouble come first.
 *
 * @param options.all - explains every pair, however many there are
 * @throws CliFailure when nothing has the name, or Kubernetes cannot be read
 */
export async function why(session: Session, name: string, options: { readonly all: boolean }): Promise<void> {
  const cluster = await readCluster(session.kubernetes);
  const subject = findSubject(cluster, name);
  const chains = chainsOf(cluster, subject, session.io.now());
  const shown = options.all ? chains : chains.slice(0, EXPLAINED);
  const ids = await workflowIds(session, shown);
  const about = [subject.name, ...shown.flatMap(({ attachment }) => attachment?.name ?? [])];
  const [live, told] = await Promise.all([liveStates(session, [...ids.values()]), toldEvents(session, about)]);
  const pairs = shown.map((chain) => explain(session, chain, ids.get(chain), live));
  const notes = ['failure' in live ? `Without live state: ${live.failure}` : '', told.failure].filter(
    (note) => note !== '',
  );
  const hidden = chains.length - shown.length;
  session.print({ ...subject, pairs, hidden, notes, events: told.events }, () => {
    const now = session.io.now();
    return [
      pairs.length === 0 ? nothing(cluster, subject) : '',
      pairs.map((one) => explainedText(one, now)).join('\n'),
      ...notes.map((note) => `\n${note}\n`),
      hidden === 0 ? '' : `\n${rest(chains.slice(EXPLAINED))}; --all explains them too.\n`,
      eventsText(told.events, now),
    ].join('');
  });
}

/** Events are no more than an addition: who may not read them is told so, and all the rest. */
async function toldEvents(
  { kubernetes }: Session,
  names: readonly string[],
): Promise<{ readonly events: readonly ToldEvent[]; readonly failure: string }> {
  try {
    return { events: await recentEvents(kubernetes, [...new Set(names)]), failure: '' };
  } catch (error) {
    return { events: [], failure: `Without Events: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Of a node also the NodeENIs that do not select it, at the end: why they do not may be the question. */
function chainsOf(cluster: Cluster, subject: Subject, now: number): Chain[] {
  const pairs = pairsOf(cluster, now).filter(
    (pair) => subject.name === (subject.kind === 'node' ? pair.node : pair.nodeEni),
  );
  const chains = pairs.map((pair) => chainOf(cluster, pair));
  const ordered = chains.toSorted((a, b) => rank(a) - rank(b));
  const node = subject.kind === 'node' ? cluster.nodes.find(({ name }) => name === subject.name) : undefined;
  if (node === undefined) return ordered;
  const others = cluster.nodeEnis.filter((nodeEni) => !pairs.some((pair) => pair.nodeEni === nodeEni.name));
  return [...ordered, ...others.filter(({ deleting }) => !deleting).map((nodeEni) => unselected(nodeEni, node))];
}

/** Trouble first, then what is well, then nodes that can have no ENI, which is for most of them as it should be. */
function rank(chain: Chain): number {
  if (isWell(chain)) return 1;
  return chain.links.some(({ of, verdict }) => of === 'instance' && verdict === 'stops') ? 2 : 0;
}

async function workflowIds(session: Session, chains: readonly Chain[]): Promise<Map<Chain, string>> {
  const ids = new Map<Chain, string>();
  for (const chain of chains) {
    const { attachment } = chain;
    if (attachment === null) continue;
    const clusterName = attachment.status.workflowId === undefined ? await session.clusterName() : '';
    ids.set(chain, workflowIdOf(attachment, clusterName));
  }
  return ids;
}

function explain(session: Session, chain: Chain, workflowId: string | undefined, live: LiveStates): Explained {
  if (workflowId === undefined) return { chain, workflowId: null, webUi: null, live: null };
  const state = 'states' in live ? (live.states.get(workflowId) ?? null) : null;
  return { chain, workflowId, webUi: session.webUi(workflowId), live: state };
}

function nothing({ nodeEnis, nodes, unreadable }: Cluster, { kind, name }: Subject): string {
  if (kind === 'node') return `There are no NodeENIs, so that node ${name} has no ENI.\n`;
  if (unreadable.nodeEnis.includes(name)) return `NodeENI ${name} is not understood by this version.\n`;
  const selector = nodeEnis.find((nodeEni) => nodeEni.name === name)?.spec.nodeSelector ?? {};
  const counts = Object.entries(selector).map(([key, value]) => {
    const count = nodes.filter(({ labels }) => labels[key] === value).length;
    return `  ${key}=${value} is on ${count} of ${nodes.length} nodes\n`;
  });
  return `NodeENI ${name} selects no node: none carries all labels of nodeSelector.\n${counts.join('')}`;
}

function rest(chains: readonly Chain[]): string {
  const well = chains.filter(isWell).length;
  return `${chains.length} more pairs, ${well} of them attached as wanted`;
}
