import type { EC2Client } from '@aws-sdk/client-ec2';

import type { MutationBudget } from './budget.js';
import type { Clock } from './clock.js';
import { type Ec2Error, toEc2Failure } from './errors.js';

/** Hears of every call, for metrics. What it throws breaks the call: it must not. */
export interface Ec2Observer {
  /** @param outcome - `ok`, or EC2's error code @param ms - how long it took */
  onCall(action: string, outcome: string, ms: number): void;
  /** EC2 refused a call because there were too many. */
  onThrottle(action: string): void;
  /** A call had to wait, or was sent away, so that EC2 is not asked too often. */
  onBudgetWait(action: string, ms: number): void;
}

/** The way of every call to EC2: measured, its error translated, and, when it changes something, within the budget. */
export class Ec2Caller {
  readonly #client: EC2Client;
  readonly #budget: MutationBudget;
  readonly #clock: Clock;
  readonly #observer: Ec2Observer | undefined;

  constructor(parts: { client: EC2Client; budget: MutationBudget; clock: Clock; observer: Ec2Observer | undefined }) {
    this.#client = parts.client;
    this.#budget = parts.budget;
    this.#clock = parts.clock;
    this.#observer = parts.observer;
  }

  /** A call that changes nothing. @throws Ec2Error */
  async read<T>(action: string, send: (client: EC2Client) => Promise<T>): Promise<T> {
    return this.#measured(action, send, (error) => error);
  }

  /** A call that changes something. @throws Ec2Error, also without a call when the budget is used up */
  async write<T>(action: string, send: (client: EC2Client) => Promise<T>): Promise<T> {
    await this.#budget.acquire(action);
    const startedAt = this.#clock.now();
    return this.#measured(action, send, (error) => error.after(this.#budget.throttled(action, startedAt)));
  }

  async #measured<T>(
    action: string,
    send: (client: EC2Client) => Promise<T>,
    onThrottle: (error: Ec2Error) => Ec2Error,
  ): Promise<T> {
    const startedAt = this.#clock.now();
    try {
      const answer = await send(this.#client);
      this.#observer?.onCall(action, 'ok', this.#clock.now() - startedAt);
      return answer;
    } catch (thrown) {
      const error = toEc2Failure(thrown, action);
      this.#observer?.onCall(action, error.code, this.#clock.now() - startedAt);
      if (error.reason !== 'Throttled') throw error;
      this.#observer?.onThrottle(action);
      throw onThrottle(error);
    }
  }
}
