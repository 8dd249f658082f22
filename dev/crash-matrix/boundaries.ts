import { type Boundary, type LifeCall, type Stage, STAGES } from './calls.js';
import { holdsUpWatcher } from './kubernetes-calls.js';

/**
 * Pairs that one kill may hit: all have to come to their boundary within the 15 s that a call may take, the first ones
 * held by then. A loss holds nobody, so that only the load limits how many there are.
 */
const LARGEST = { kill: 26, lost: 48 } as const;

/** Boundaries that are struck together: by one kill of the controller, or each by the loss of an answer. */
export interface Batch {
  readonly kind: 'kill' | 'lost';
  readonly boundaries: readonly Boundary[];
}

/** Every boundary of a life: each call at each stage. */
export function everyBoundary(calls: readonly LifeCall[]): Boundary[] {
  return calls.flatMap((call) => STAGES.map((stage) => ({ call, stage })));
}

/**
 * Each call once, at stages that alternate. One kill alone may hit the watcher in a pass: the other writes of its
 * passes lose their answers. So do the reads of replaced and adopted pairs: before a kill reads come one after another,
 * and with more of them the first ones would no longer be held.
 */
export function sample(calls: readonly LifeCall[]): Boundary[] {
  let watcherIsHit = false;
  return calls.map((call, index) => {
    const stage: Stage = STAGES[index % STAGES.length] ?? 'lost';
    if (!call.isWrite && (call.phase === 'replace' || call.phase === 'adopt')) return { call, stage: 'lost' };
    if (!holdsUpWatcher(call.what)) return { call, stage };
    if (watcherIsHit) return { call, stage: 'lost' };
    watcherIsHit = true;
    return { call, stage: 'before' };
  });
}

/**
 * Puts boundaries together that can be struck together: in each kill one of the watcher's passes and one of the audit,
 * which are held up as a whole.
 */
export function batches(
  boundaries: readonly Boundary[],
  largest: Readonly<Record<Batch['kind'], number>> = LARGEST,
): Batch[] {
  const lost = boundaries.filter(({ stage }) => stage === 'lost');
  const kills = boundaries.filter(({ stage }) => stage !== 'lost');
  return [
    ...groups(kills, largest.kill, [isOfWatcher, isOfAudit]).map((group) => ({
      kind: 'kill' as const,
      boundaries: group,
    })),
    ...groups(lost, largest.lost, []).map((group) => ({ kind: 'lost' as const, boundaries: group })),
  ];
}

/** As few as possible, and about as large as each other; of those that are alone of their kind there is one in each. */
function groups(
  boundaries: readonly Boundary[],
  size: number,
  kinds: readonly ((boundary: Boundary) => boolean)[],
): Boundary[][] {
  const alone = kinds.map((isOfKind) => boundaries.filter(isOfKind));
  const others = boundaries.filter((boundary) => !kinds.some((isOfKind) => isOfKind(boundary)));
  const count = Math.max(...alone.map(({ length }) => length), Math.ceil(boundaries.length / size));
  return Array.from({ length: count }, (_, index) => [
    ...others.filter((_one, at) => at % count === index),
    ...alone.flatMap((ofKind) => ofKind.slice(index, index + 1)),
  ]);
}

function isOfWatcher({ call }: Boundary): boolean {
  return holdsUpWatcher(call.what);
}

function isOfAudit({ call }: Boundary): boolean {
  return call.phase === 'sweep';
}
