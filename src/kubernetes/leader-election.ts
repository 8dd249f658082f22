import { leaseStep } from '../domain/leadership.js';
import { describeError, isConflict, statusCode } from './errors.js';
import type { LeaseStore, ReadLease } from './leases.js';
import type { Log } from './log.js';

/** Milliseconds; those of client-go's default. */
const TIMING = { durationMs: 15_000, deadlineMs: 10_000, retryMs: 2_000 };

/** How leadership is kept, in milliseconds. */
export interface ElectionTiming {
  /** How long others wait after a renewal before they take over; whole seconds. Default 15 s. */
  readonly durationMs: number;
  /** How long after its last renewal a leader still leads; below the duration. Default 10 s. */
  readonly deadlineMs: number;
  /** Between two looks at the Lease. Default 2 s. */
  readonly retryMs: number;
}

/** What an election is made of. */
export interface ElectionOptions {
  readonly lease: LeaseStore;
  /** Of this candidate alone. */
  readonly identity: string;
  readonly log: Log;
  /** Is called when this candidate begins or ceases to lead. Must not throw. */
  readonly onChange: (leads: boolean) => void;
  readonly timing?: ElectionTiming;
}

/**
 * Elects one of several candidates by a Lease. It saves work and is no lock: for a moment two may lead, as when a process
 * was stopped and goes on. Where the API server refuses the Lease, for want of a right, everyone leads.
 */
export class LeaderElection {
  readonly #options: ElectionOptions;
  readonly #timing: ElectionTiming;
  #seen: { readonly version: string; readonly at: number } | null = null;
  #own: ReadLease | null = null;
  #leadsUntil = -Infinity;
  #led = false;
  #refused = false;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#timing = options.timing ?? TIMING;
  }

  /** Whether this candidate leads now. A leader that cannot renew ceases by itself. */
  get leads(): boolean {
    return !this.#stopped && (this.#refused || performance.now() < this.#leadsUntil);
  }

  /** Begins to look. */
  start(): void {
    this.#looking = this.#look().finally(() => {
      if (!this.#stopped) this.#timer = setTimeout(() => this.start(), this.#timing.retryMs * (1 + Math.random() / 5));
    });
  }

  /** Ends, and lets go of the Lease, so that another need not wait for it to expire. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
    this.#tell();
    const { lease, log } = this.#options;
    if (this.#own === null) return;
    try {
      await lease.write(this.#own, '', 1000);
    } catch (error) {
      log.info({ error: describeError(error) }, 'the lease could not be let go; it expires by itself');
    }
  }

  async #look(): Promise<void> {
    const { log } = this.#options;
    const began = performance.now();
    try {
      await this.#decide(began);
      this.#refused = false;
    } catch (error) {
      if (isConflict(error)) this.#own = null;
      else if (isRefusal(error)) this.#refuse(error);
      else log.warn({ error: describeError(error) }, 'the lease of the leader cannot be read or renewed');
    }
    this.#tell();
  }

  async #decide(began: number): Promise<void> {
    const { lease, identity } = this.#options;
    const found = await lease.read();
    if (found !== null && found.version !== this.#seen?.version) this.#seen = { version: found.version, at: began };
    const step = leaseStep(found, identity, began - (this.#seen?.at ?? began));
    if (step === 'wait') {
      this.#own = null;
      this.#leadsUntil = -Infinity;
      return;
    }
    this.#own = await lease.write(found, identity, this.#timing.durationMs);
    this.#seen = { version: this.#own.version, at: began };
    this.#tell(); // a renewal that came too late: what was left undone meanwhile is done again
    this.#leadsUntil = began + this.#timing.deadlineMs;
  }

  #refuse(error: unknown): void {
    if (!this.#refused) {
      const message = 'the API server refuses the lease of the leader; this process leads without one';
      this.#options.log.warn({ error: describeError(error) }, message);
    }
    this.#refused = true;
  }

  #tell(): void {
    const { leads } = this;
    if (leads === this.#led) return;
    this.#led = leads;
    this.#options.log.info({ leads }, 'leadership changed');
    this.#options.onChange(leads);
  }
}

/** Refused for good, as for want of a right or of the namespace; a token that expired or too many requests pass. */
function isRefusal(error: unknown): boolean {
  return [400, 403, 404, 405, 422].includes(statusCode(error) ?? 0);
}
