import { type Boundary, type LifeCall, type Stage, STAGES } from './calls.js';
import { holdsUpWatcher } from './kubernetes-calls.js';

/**
 * Pairs that one kill may hit: all have to come to their boundary within the 15 s that a call may take, the first ones
 * held by then. A loss holds nobody, so that only the load limits how many there are.
 */
const LARGEST = { kill: 26, lost: 32 } as const;

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
 * passes lose their answers.
 */
export function sample(calls: readonly LifeCall[]): Boundary[] {
  let watcherIsHit = false;
  return calls.map((call, index) => {
    const stage: Stage = STAGES[index % STAGES.length] ?? 'lost';
    if (!holdsUpWatcher(call.what)) return { call, stage };
    if (watcherIsHit) return { call, stage: 'lost' };
    watcherIsHit = true;
    return { call, stage: 'before' };
  });
}

/** Puts boundaries together that can be struck together: of the watcher's passes one for each kill. */
export function batches(
  boundaries: readonly Boundary[],
  largest: Readonly<Record<Batch['kind'], number>> = LARGEST,
): Batch[] {
  const lost = boundaries.filter(({ stage }) => stage === 'lost');
  const kills = boundaries.filter(({ stage }) => stage !== 'lost');
  const ofWatcher = kills.filter(({ call }) => holdsUpWatcher(call.what));
  const others = kills.filter(({ call }) => !holdsUpWatcher(call.what));
  const count = Math.max(ofWatcher.length, Math.ceil(kills.length / largest.kill));
  const groups = Array.from({ length: count }, (_, index) => [
    ...others.filter((_one, at) => at % count === index),
    ...ofWatcher.slice(index, index + 1),
  ]);
  return [
    ...groups.map((group) => ({ kind: 'kill' as const, boundaries: group })),
    ...chunks(lost, largest.lost).map((group) => ({ kind: 'lost' as const, boundaries: group })),
  ];
}

/** As few as possible, and about as large as each other. */
function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.filter((_item, at) => at % count === index));
}
