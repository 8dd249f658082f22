import type { Pair } from './pair-states.js';

/** The prefix `eni-` and eight digits: enough to tell ENIs apart, and to search for one. */
const SHORT_ID = 12;

/** A pair's state in one word: the phase, or the reason that keeps it there. */
export function stateWord({ state }: Pair): string {
  switch (state.kind) {
    case 'attachment':
      return state.attachment.status.reason ?? state.attachment.status.phase ?? 'Pending';
    case 'conflict':
      return 'SlotConflict';
    case 'paused':
      return 'Paused';
    case 'missing':
      return 'Pending';
    case 'skipped':
      return state.why === 'waiting' ? 'NoProviderID' : 'NotEC2';
  }
}

/** The pair's ENI id; empty when it has none. */
export function eniOf({ state }: Pair): string {
  return state.kind === 'attachment' ? (state.attachment.status.eniId ?? '') : '';
}

/** An ENI id cut to what fits into a table. */
export function shortId(eniId: string): string {
  return eniId.slice(0, SHORT_ID);
}
