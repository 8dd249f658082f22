import { V1MicroTime } from '@kubernetes/client-node';
import { GROUP, VERSION } from '../domain/names.js';
import { truncate } from '../domain/text.js';
import type { Kubernetes } from './client.js';

/** The same event about the same object is written once in this time. */
const REPEAT_MS = 10 * 60_000;

/** What happened to which object. */
export interface ObjectEvent {
  readonly kind: 'NodeENI' | 'Node';
  readonly name: string;
  readonly uid: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Events about cluster-scoped objects are kept in the default namespace. */
const NAMESPACE = 'default';

/** Makes a recorder. A failed write is logged and dropped: events inform, and decide nothing. */
export function createRecorder(
  { core }: Kubernetes,
  log: { debug(fields: object, message: string): void },
): { record(event: ObjectEvent): void } {
  const seen = new Map<string, number>();
  return {
    record: (event) => {
      const key = `${event.uid} ${event.reason} ${event.message}`;
      const now = Date.now();
      if ((seen.get(key) ?? 0) > now - REPEAT_MS) return;
      for (const [old, at] of seen) if (at <= now - REPEAT_MS) seen.delete(old);
      seen.set(key, now);
      core
        .createNamespacedEvent({ namespace: NAMESPACE, body: toEvent(event, new Date(now)) })
        .catch((error: unknown) => {
          log.debug({ reason: event.reason, name: event.name, error: String(error) }, 'event not written');
        });
    },
  };
}

function toEvent(
  { kind, name, uid, type, reason, message }: ObjectEvent,
  now: Date,
): Parameters<Kubernetes['core']['createNamespacedEvent']>[0]['body'] {
  const apiVersion = kind === 'Node' ? 'v1' : `${GROUP}/${VERSION}`;
  return {
    metadata: { generateName: `${name.slice(0, 50)}.`, namespace: NAMESPACE },
    involvedObject: { apiVersion, kind, name, uid },
    reason,
    message: truncate(message),
    type,
    action: reason,
    eventTime: new V1MicroTime(now),
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    reportingComponent: 'multi-eni-controller',
    reportingInstance: 'multi-eni-controller',
    source: { component: 'multi-eni-controller' },
  };
}
