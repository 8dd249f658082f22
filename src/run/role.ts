import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Kubernetes } from '../kubernetes/client.js';
import type { Check } from '../observability/health.js';
import type { Metrics } from '../observability/metrics.js';

/** The parts of the controller that a process can run. */
export const ROLES = ['all', 'watcher', 'worker'] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** What a process runs with. */
export interface RunOptions {
  readonly role: Role;
  readonly config: Config;
  readonly temporal: ClientConnectConfig;
  readonly log: Logger;
}

/** What every role is given. */
export interface RoleContext extends RunOptions {
  readonly kubernetes: Kubernetes;
  readonly clusterName: string;
  readonly signal: AbortSignal;
  readonly metrics: Metrics;
  /** Adds a readiness check. */
  readonly check: (name: string, check: Check) => void;
}

/** A role that runs until it is stopped. */
export interface RunningRole {
  /** Rejects when the role ended by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}
