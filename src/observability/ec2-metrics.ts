import { Counter, Histogram, type Registry } from 'prom-client';
import { boundedLabel } from './bounded-label.js';

/** Hears of every call to EC2; its form is that of the observer in src/aws. Never throws. */
export interface Ec2Metrics {
  /** @param outcome - `ok`, or EC2's error code @param ms - how long it took */
  onCall(action: string, outcome: string, ms: number): void;
  onThrottle(action: string): void;
  onBudgetWait(action: string, ms: number): void;
}

/** A usual call takes 50 ms to 1 s. */
const DURATION_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Adds the metrics about EC2 to a registry. */
export function ec2Metrics(registry: Registry): Ec2Metrics {
  const { requests, duration, throttles, waits } = collectors(registry);
  const codes = boundedLabel();
  return {
    onCall: (action, outcome, ms) => {
      requests.inc({ action, outcome: codes(outcome) });
      duration.observe({ action }, seconds(ms));
      // Zero is a fact too: without it the first throttle would be no increase.
      throttles.inc({ action }, 0);
      waits.inc({ action }, 0);
    },
    onThrottle: (action) => throttles.inc({ action }),
    onBudgetWait: (action, ms) => waits.inc({ action }, seconds(ms)),
  };
}

interface Collectors {
  readonly requests: Counter<'action' | 'outcome'>;
  readonly duration: Histogram<'action'>;
  readonly throttles: Counter<'action'>;
  readonly waits: Counter<'action'>;
}

function collectors(registry: Registry): Collectors {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'multi_eni_ec2_requests_total',
      help: "Calls to EC2 by action and outcome: ok, or EC2's error code; other stands for all codes beyond fifty.",
      labelNames: ['action', 'outcome'],
      registers,
    }),
    duration: new Histogram({
      name: 'multi_eni_ec2_request_duration_seconds',
      help: 'How long calls to EC2 took, failed ones included.',
      labelNames: ['action'],
      buckets: DURATION_BUCKETS,
      registers,
    }),
    throttles: new Counter({
      name: 'multi_eni_ec2_throttles_total',
      help: 'Calls that EC2 refused because there were too many.',
      labelNames: ['action'],
      registers,
    }),
    waits: new Counter({
      name: 'multi_eni_ec2_budget_wait_seconds_total',
      help: 'For how long calls were held or sent away, so that EC2 is not asked too often.',
      labelNames: ['action'],
      registers,
    }),
  };
}

function seconds(ms: number): number {
  return Math.max(0, ms) / 1000;
}
