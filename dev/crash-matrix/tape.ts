import { type Boundary, type Call, type LifeCall, type Phase } from './calls.js';
import { EVENT, WRITES } from './kubernetes-calls.js';

/** How a strike stands: not come to its call yet, held there, done (its answer was lost), or its caller went early. */
export type StrikeState = 'awaited' | 'held' | 'done' | 'expired';

/**
 * Status writes of a NodeENI that a phase has at any speed: at its begin, and when its end shows. They are spaced by a
 * second, so that how many more there are is a matter of time.
 */
const STATUS_WRITES: Readonly<Record<Phase, number>> = {
  ...{ make: 2, replace: 2, adopt: 2, change: 2, release: 1 },
  sweep: 0,
};

/** Follows the calls of one pair, numbers them, and knows where the pair is to be struck. */
export class Tape {
  /** Names and ids by which calls are known as this pair's. */
  readonly tokens: Set<string>;
  readonly #calls = new Map<string, LifeCall>();
  #phase: Phase = 'make';
  #lastWrite = 'start';
  #worked = new Map<string, number>();
  #strike: Boundary | null = null;
  #state: StrikeState = 'awaited';

  constructor(tokens: Iterable<string>) {
    this.tokens = new Set(tokens);
  }

  /** Every call that worked so far, in the order of its first time. */
  get calls(): readonly LifeCall[] {
    return [...this.#calls.values()];
  }

  /** Of the strike that {@link begin} was given last. */
  get strikeState(): StrikeState {
    return this.#state;
  }

  /** Begins a phase, in which the pair is struck at most once. */
  begin(phase: Phase, strike: Boundary | null = null): void {
    this.#phase = phase;
    this.#lastWrite = 'start';
    this.#worked = new Map();
    this.#strike = strike;
    this.#state = 'awaited';
  }

  /** The call at its place in the life. */
  place({ service, what, isWrite }: Call): LifeCall {
    return {
      phase: this.#phase,
      service,
      what,
      isWrite,
      key: isWrite ? this.#numbered(what) : `${what} after ${this.#lastWrite}`,
      writesBefore: [...this.#worked.values()].reduce((sum, count) => sum + count, 0),
    };
  }

  /** The boundary at which this call has to be struck, or null. */
  strikeAt(call: Call): Boundary | null {
    const { key, service } = this.place(call);
    if (this.#state !== 'awaited' || this.#strike === null) return null;
    return this.#strike.call.key === key && this.#strike.call.service === service ? this.#strike : null;
  }

  /** Notes what became of the strike. A caller that goes while it is held was not killed by us. */
  struck(state: StrikeState): void {
    this.#state = state;
  }

  /** Notes a call that worked, at the place that it had when it came in. */
  worked(call: LifeCall): void {
    const { phase, what, key, isWrite } = call;
    if (phase !== this.#phase) return;
    const count = (this.#worked.get(what) ?? 0) + 1;
    const isStatus = what === WRITES.nodeEni.writeStatus;
    if (!isStatus || count <= STATUS_WRITES[phase]) this.#calls.set(`${phase} ${key}`, this.#first(call));
    if (!isWrite) return;
    this.#worked.set(what, count);
    // The NodeENI's status and Events are written beside the pair's own steps, at any moment.
    if (!isStatus && !what.startsWith(EVENT)) this.#lastWrite = key;
  }

  #first(call: LifeCall): LifeCall {
    return this.#calls.get(`${call.phase} ${call.key}`) ?? call;
  }

  #numbered(what: string): string {
    const number = (this.#worked.get(what) ?? 0) + 1;
    return number === 1 ? what : `${what}, ${number}`;
  }
}
