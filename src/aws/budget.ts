import { type Clock, jittered, sleep } from './clock.js';
import { MEANINGS } from './error-table.js';
import { Ec2Error } from './errors.js';

/** After a throttle: half of what EC2 took in the last second, but at least this, in calls a second. */
const MIN_RATE = 1;
const DECREASE = 0.5;
/** Calls a second more for each second without a throttle: a tenth of EC2's slowest refill, 5/s. */
const INCREASE_PER_SECOND = 0.5;
/** Without a throttle for so long, EC2's bucket is full again by any of its refill rates. */
const FORGIVE_AFTER_MS = 120_000;
/** Longest that a call is held here, where it occupies an activity slot; longer waits are Temporal's. */
const MAX_HOLD_MS = 2_000;
/** Longest that a call is sent away for. */
const MAX_RETRY_AFTER_MS = 60_000;
const SECOND_MS = 1_000;

interface ActionState {
  /** When the calls of the last second without a limit went out that were not throttled, so far as is known. */
  taken: number[];
  /** Calls a second right after the last decrease; null: not limited. */
  rate: number | null;
  /** When the limit began. */
  limitedAt: number;
  decreasedAt: number;
  throttledAt: number;
  /** From when on the next call may go out. */
  nextAt: number;
  /** The place in time of the last call that was sent away. */
  deferredTo: number;
}

/**
 * How fast this process changes EC2, action by action, since EC2 has a bucket for each. Nothing is limited until EC2
 * throttles; then the rate is halved, and rises slowly again. The cluster's rate is that of the task queue: this is
 * for accounts in which others use the same buckets.
 */
export class MutationBudget {
  readonly #clock: Clock;
  readonly #onWait: (action: string, ms: number) => void;
  readonly #actions = new Map<string, ActionState>();

  /** @param onWait - hears of every call that is held or sent away, and for how many milliseconds */
  constructor(clock: Clock, onWait: (action: string, ms: number) => void = () => undefined) {
    this.#clock = clock;
    this.#onWait = onWait;
  }

  /**
   * Resolves when the call may go out.
   *
   * @throws Ec2Error, transient and definite, reason Throttled, with `retryAfterMs`, if that takes more than 2 s
   */
  async acquire(action: string): Promise<void> {
    const now = this.#clock.now();
    const state = this.#state(action);
    const rate = this.#rate(state, now);
    if (rate === null) {
      state.taken = [...state.taken.filter((at) => at > now - SECOND_MS), now];
      return;
    }
    const wait = Math.max(0, state.nextAt - now);
    if (wait > MAX_HOLD_MS) throw this.#sentAway(action, state);
    state.nextAt = now + wait + SECOND_MS / rate;
    if (wait === 0) return;
    this.#onWait(action, wait);
    await sleep(this.#clock, wait);
  }

  /**
   * EC2 throttled a call. The rate is lowered at most once a second, and not for calls that were under way at the time,
   * but the burst that began the limit tells, as its replies come in, how much of it EC2 took.
   *
   * @returns milliseconds, jittered, after which the call should be tried again
   */
  throttled(action: string, startedAt: number): number {
    const now = this.#clock.now();
    const state = this.#state(action);
    const rate = this.#rate(state, now);
    state.throttledAt = now;
    if (rate === null) state.limitedAt = now;
    if (startedAt <= state.limitedAt) {
      forgetOne(state.taken, startedAt);
      const taken = state.taken.filter((at) => at > state.limitedAt - SECOND_MS);
      this.#lower(state, Math.min(rate ?? Infinity, taken.length * DECREASE), now);
    } else if (rate !== null && startedAt >= state.decreasedAt && now - state.decreasedAt >= SECOND_MS) {
      this.#lower(state, rate * DECREASE, now);
    }
    return this.#defer(state, now);
  }

  #lower(state: ActionState, rate: number, now: number): void {
    state.rate = Math.max(MIN_RATE, rate);
    state.decreasedAt = now;
    state.nextAt = Math.max(state.nextAt, now + SECOND_MS / state.rate);
  }

  #sentAway(action: string, state: ActionState): Ec2Error {
    const retryAfterMs = this.#defer(state, this.#clock.now());
    this.#onWait(action, retryAfterMs);
    const message = `${action}: held back, since EC2 throttles the account`;
    return new Ec2Error(MEANINGS.throttled, { message, code: 'Held', retryAfterMs });
  }

  /** Every call that is sent away gets a later time than the one before, as the rate allows. */
  #defer(state: ActionState, now: number): number {
    const spacing = SECOND_MS / (this.#rate(state, now) ?? MIN_RATE);
    state.deferredTo = Math.max(state.deferredTo + spacing, state.nextAt, now + spacing);
    state.deferredTo = Math.min(state.deferredTo, now + MAX_RETRY_AFTER_MS);
    return jittered(this.#clock, state.deferredTo - now);
  }

  #rate(state: ActionState, now: number): number | null {
    if (state.rate === null) return null;
    if (now - state.throttledAt >= FORGIVE_AFTER_MS) {
      state.rate = null;
      state.nextAt = 0;
      return null;
    }
    return state.rate + (INCREASE_PER_SECOND * (now - state.throttledAt)) / SECOND_MS;
  }

  #state(action: string): ActionState {
    let state = this.#actions.get(action);
    if (state === undefined) {
      const never = -Infinity;
      const times = { limitedAt: never, decreasedAt: never, throttledAt: never, nextAt: 0, deferredTo: 0 };
      state = { taken: [], rate: null, ...times };
      this.#actions.set(action, state);
    }
    return state;
  }
}

/** Takes out the entry of a call that went out at about that time. */
function forgetOne(times: number[], startedAt: number): void {
  const index = times.findLastIndex((at) => at <= startedAt);
  if (index >= 0) times.splice(index, 1);
}
