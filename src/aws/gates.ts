import { type Clock, jittered } from './clock.js';
import { Ec2Error } from './errors.js';

/** How long a full subnet is left alone. */
const SUBNET_MS = 120_000;
/** How long the account is left alone after its quota was reached, ±20 %: deletions need the time to free some. */
const QUOTA_MS = 60_000;

interface Closed {
  readonly until: number;
  readonly failure: Ec2Error;
}

/**
 * Spares EC2 the creates that are known to fail: one refusal, for a full subnet or the account's quota, speaks for all
 * pairs of this process. Deletions are not held back, for they are what helps.
 */
export class CreateGate {
  readonly #clock: Clock;
  readonly #subnets = new Map<string, Closed>();
  #quota: Closed | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True while no create is let through into the subnet because it is full. */
  isFull(subnetId: string): boolean {
    return this.#isClosed(this.#subnets.get(subnetId));
  }

  /**
   * Makes an ENI in the subnet. One that works opens the gates again.
   *
   * @throws what `create` throws; when closed, without a call, the failure that closed it. Both gates' failures say in
   * `retryAfterMs` when they open.
   */
  async run<T>(subnetId: string, create: () => Promise<T>): Promise<T> {
    this.#check(this.#quota);
    this.#check(this.#subnets.get(subnetId));
    try {
      const made = await create();
      this.#quota = undefined;
      this.#subnets.delete(subnetId);
      return made;
    } catch (error) {
      throw error instanceof Ec2Error ? this.#learned(subnetId, error) : error;
    }
  }

  #learned(subnetId: string, failure: Ec2Error): Ec2Error {
    const now = this.#clock.now();
    if (failure.reason === 'SubnetFull') {
      this.#subnets.set(subnetId, { until: now + SUBNET_MS, failure });
      return failure.after(SUBNET_MS);
    }
    if (failure.reason === 'QuotaReached') {
      const ms = jittered(this.#clock, QUOTA_MS);
      this.#quota = { until: now + ms, failure };
      return failure.after(ms);
    }
    return failure;
  }

  #check(closed: Closed | undefined): void {
    if (closed === undefined || !this.#isClosed(closed)) return;
    throw closed.failure.after(Math.ceil(closed.until - this.#clock.now()));
  }

  #isClosed(closed: Closed | undefined): boolean {
    return closed !== undefined && closed.until > this.#clock.now();
  }
}
