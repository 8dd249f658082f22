/** What a Lease says about who leads. */
export interface LeaseRecord {
  /** Empty: nobody, the last leader has let go. */
  readonly holder: string;
  /** How long the holder leads after a renewal, in milliseconds, by its own word. */
  readonly durationMs: number;
}

/** What a candidate does next: `take` the Lease, `renew` its own, or `wait` for the holder to end. */
export type LeaseStep = 'take' | 'renew' | 'wait';

/**
 * Decides from what the Lease says. The times in it are not used: the clocks of two machines differ, so a holder counts as
 * gone when its record has not changed for its duration, by the clock of the one that looks.
 *
 * @param lease - null: there is none
 * @param unchangedMs - since when the record has been seen as it is
 */
export function leaseStep(lease: LeaseRecord | null, self: string, unchangedMs: number): LeaseStep {
  if (lease === null || lease.holder === '') return 'take';
  if (lease.holder === self) return 'renew';
  return unchangedMs >= lease.durationMs ? 'take' : 'wait';
}
