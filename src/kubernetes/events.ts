import type { CoreV1Api, CoreV1Event } from '@kubernetes/client-node';

import { truncate } from '../domain/text.js';
import { describeError } from './errors.js';
import type { Log } from './log.js';
import { API_VERSION } from './manifest.js';

/** Something to tell the user, beside the object that it is about. */
export interface RecordedEvent {
  readonly kind: 'NodeENI' | 'NodeENIAttachment' | 'Node';
  readonly name: string;
  readonly uid: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Tells of events. Never throws. */
export interface Recorder {
  record(event: RecordedEvent): void;
}

/** What an {@link EventRecorder} is made of. */
export interface EventRecorderOptions {
  readonly core: CoreV1Api;
  readonly log: Log;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** How long the same event is not told again. */
const QUIET_MS = 10 * 60_000;

/** Events that wait for the API server at most; more are dropped. */
const LONGEST_QUEUE = 500;

/** Events of cluster-scoped objects live in this namespace, where kubectl looks for them. */
const NAMESPACE = 'default';

const COMPONENT = 'multi-eni-controller';

/** Writes Kubernetes Events, one after another. The same one is told once in ten minutes; none matters to anybody's work. */
export class EventRecorder implements Recorder {
  readonly #options: EventRecorderOptions;
  readonly #now: () => number;
  readonly #told = new Map<string, number>();
  #queued = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Tells it, unless it was told lately. Never throws. */
  record(event: RecordedEvent): void {
    const now = this.#now();
    this.#forget(now);
    const key = JSON.stringify([event.kind, event.uid, event.reason, event.message]);
    if (this.#told.has(key) || this.#queued >= LONGEST_QUEUE) return;
    this.#told.set(key, now);
    this.#queued += 1;
    this.#tail = this.#tail.then(() => this.#write(event, now));
  }

  /** Resolves when all is written, or has failed. */
  async flush(): Promise<void> {
    await this.#tail;
  }

  async #write(event: RecordedEvent, now: number): Promise<void> {
    const { core, log } = this.#options;
    try {
      await core.createNamespacedEvent({ namespace: NAMESPACE, body: manifest(event, new Date(now)) });
    } catch (error) {
      log.warn({ event, error: describeError(error) }, 'a Kubernetes Event could not be written');
    } finally {
      this.#queued -= 1;
    }
  }

  /** The oldest stand first. */
  #forget(now: number): void {
    for (const [key, at] of this.#told) {
      if (now - at < QUIET_MS) return;
      this.#told.delete(key);
    }
  }
}

function manifest({ kind, name, uid, type, reason, message }: RecordedEvent, at: Date): CoreV1Event {
  return {
    metadata: { generateName: `${name.slice(0, 200).replace(/[^a-z0-9]+$/, '')}.`, namespace: NAMESPACE },
    involvedObject: { apiVersion: kind === 'Node' ? 'v1' : API_VERSION, kind, name, uid },
    type,
    reason,
    message: truncate(message),
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: COMPONENT,
  };
}
