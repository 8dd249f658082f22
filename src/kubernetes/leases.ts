import { type CoordinationV1Api, type V1Lease, type V1LeaseSpec, V1MicroTime } from '@kubernetes/client-node';

import type { LeaseRecord } from '../domain/leadership.js';
import { isNotFound } from './errors.js';

/** A Lease as it was read; {@link LeaseStore.write} changes it only if nobody else did meanwhile. */
export interface ReadLease extends LeaseRecord {
  /** Changes with every write. */
  readonly version: string;
  /** The object that was read. */
  readonly raw: V1Lease;
}

/** One Lease, by name. */
export interface LeaseStore {
  /** Null: there is none. @throws ApiException */
  read(): Promise<ReadLease | null>;
  /**
   * Says who holds it; `before` is what was read, null to make it.
   * @throws ApiException 409 when another was faster
   */
  write(before: ReadLease | null, holder: string, durationMs: number): Promise<ReadLease>;
}

/** The Lease of this name in a namespace. Needs the verbs get, create and update. */
export function leaseStore(api: CoordinationV1Api, namespace: string, name: string): LeaseStore {
  return {
    read: async () => {
      try {
        return toRead(await api.readNamespacedLease({ namespace, name }));
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    write: async (before, holder, durationMs) => {
      const body = next(before, { namespace, name }, holder, durationMs);
      const written =
        before === null
          ? await api.createNamespacedLease({ namespace, body })
          : await api.replaceNamespacedLease({ namespace, name, body });
      return toRead(written);
    },
  };
}

function next(
  before: ReadLease | null,
  metadata: { namespace: string; name: string },
  holder: string,
  durationMs: number,
): V1Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: before?.raw.metadata ?? metadata,
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: Math.max(1, Math.ceil(durationMs / 1000)),
      ...times(before, holder),
    },
  };
}

/** As client-go has them, so that what shows Leases shows ours too: a new holder counts as a transition. */
function times(
  before: ReadLease | null,
  holder: string,
): Required<Pick<V1LeaseSpec, 'acquireTime' | 'renewTime' | 'leaseTransitions'>> {
  const renewTime = new V1MicroTime();
  const { acquireTime = renewTime, leaseTransitions = 0 } = before?.raw.spec ?? {};
  const changes = before !== null && before.holder !== holder && holder !== '';
  return changes
    ? { acquireTime: renewTime, renewTime, leaseTransitions: leaseTransitions + 1 }
    : { acquireTime, renewTime, leaseTransitions };
}

function toRead(raw: V1Lease): ReadLease {
  return {
    holder: raw.spec?.holderIdentity ?? '',
    durationMs: (raw.spec?.leaseDurationSeconds ?? 0) * 1000,
    version: raw.metadata?.resourceVersion ?? '',
    raw,
  };
}
