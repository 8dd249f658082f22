import type { Boundary, Phase } from './calls.js';

/** Different ENIs that are made for a pair which is struck in a phase: one more when it is replaced, and never another. */
const DUE: Readonly<Record<Phase, number>> = { make: 1, replace: 2, adopt: 1, change: 1, release: 1, sweep: 1 };

/** What became of a pair that was struck. */
export interface Verdict {
  readonly boundary: Boundary;
  /** Whether it was struck where it should be. */
  readonly reached: boolean;
  /** Empty: it healed without help. */
  readonly problems: readonly string[];
  /** Different ENIs ever made for the pair. */
  readonly made: number;
  /** ENIs of the pair in EC2 after its release. */
  readonly left: number;
}

/** True when it was struck, and nothing is wrong: as many ENIs were made as are due, none is left. */
export function converged(verdict: Verdict): boolean {
  return verdict.reached && isHealthy(verdict);
}

/** True for a pair that is well, wherever it was struck. */
export function isHealthy({ boundary, problems, made, left }: Verdict): boolean {
  return problems.length === 0 && made === due(boundary) && left === 0;
}

/** The last line of a run: `crash matrix: N boundaries, N converged, N leaked, N doubled`. */
export function lastLine(verdicts: readonly Verdict[]): string {
  const healed = verdicts.filter(converged).length;
  const leaked = verdicts.filter(({ left }) => left > 0).length;
  const doubled = verdicts.filter(({ boundary, made }) => made > due(boundary)).length;
  return `crash matrix: ${verdicts.length} boundaries, ${healed} converged, ${leaked} leaked, ${doubled} doubled`;
}

/** What is wrong with a pair, in one line. */
export function complaint({ boundary, reached, problems, made, left }: Verdict): string {
  const counts = [
    ...(made === due(boundary) ? [] : [`${made} ENIs were made, of ${due(boundary)}`]),
    ...(left === 0 ? [] : [`${left} ENIs are left`]),
  ];
  return [...(reached ? [] : ['not reached']), ...problems, ...counts].join('; ');
}

function due({ call }: Boundary): number {
  return DUE[call.phase];
}
