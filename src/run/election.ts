import { randomUUID } from 'node:crypto';
import { LeaderElection } from '../kubernetes/leader-election.js';
import type { RoleContext } from './role.js';

/** The name of the Lease that the leading watcher holds. */
const LEASE_NAME = 'multi-eni-watcher';

/** Says whether this process's watcher is the one that works. */
export interface Election {
  readonly leads: boolean;
  start(): void;
  stop(): Promise<void>;
}

/**
 * The election among the watchers of this cluster.
 *
 * @param onLead - is called whenever this one begins to lead
 */
export function watcherElection({ config, kubernetes, log }: RoleContext, onLead: () => void): Election {
  const namespace = config.leaseNamespace ?? kubernetes.podNamespace;
  if (namespace === undefined) return ALONE;
  return new LeaderElection({
    lease: kubernetes.lease(namespace, LEASE_NAME),
    identity: `${config.identity}_${randomUUID()}`, // a Pod's name comes again when its container restarts
    log,
    onChange: (leads) => {
      if (leads) onLead();
    },
  });
}

/** Where there is no Lease, every watcher works: that is correct too, it costs more. */
const ALONE: Election = { leads: true, start: () => undefined, stop: () => Promise.resolve() };
