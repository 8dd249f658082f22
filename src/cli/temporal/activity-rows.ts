/** An activity in a workflow's history: what was to be done, and what came of it. */
export interface ActivityRow {
  readonly activity: string;
  /** What exactly, as the Web UI labels it; empty when it has no label. */
  readonly summary: string;
  /** When it was scheduled, milliseconds since 1970. */
  readonly at: number;
  /** Of the attempt that ended it, or that runs; 0: none has begun. */
  readonly attempt: number;
  readonly outcome: 'completed' | 'failed' | 'timed out' | 'cancelled' | 'under way';
  /** Milliseconds from its scheduling to its end; null while it has none. */
  readonly tookMs: number | null;
  /** Why it failed, or the attempt before did; empty when none has. */
  readonly failure: string;
}

type Maybe<T> = T | null | undefined;

/** A protobuf timestamp; its seconds may be an object that converts itself to a number. */
interface Timestamp {
  readonly seconds?: Maybe<{ toString(): string } | number>;
  readonly nanos?: Maybe<number>;
}

interface Failure {
  readonly message?: Maybe<string>;
  readonly cause?: Maybe<Failure>;
}

/** What is read of an event of a workflow's history: the part of Temporal's own type that is about activities. */
export interface HistoryEvent {
  readonly eventId?: Maybe<{ toString(): string } | number>;
  readonly eventTime?: Maybe<Timestamp>;
  readonly userMetadata?: Maybe<{ readonly summary?: Maybe<{ readonly data?: Maybe<Uint8Array> }> }>;
  readonly activityTaskScheduledEventAttributes?: Maybe<{
    readonly activityType?: Maybe<{ readonly name?: Maybe<string> }>;
  }>;
  readonly activityTaskStartedEventAttributes?: Maybe<
    Scheduled & { readonly attempt?: Maybe<number>; readonly lastFailure?: Maybe<Failure> }
  >;
  readonly activityTaskCompletedEventAttributes?: Maybe<Scheduled>;
  readonly activityTaskFailedEventAttributes?: Maybe<Scheduled & { readonly failure?: Maybe<Failure> }>;
  readonly activityTaskTimedOutEventAttributes?: Maybe<Scheduled & { readonly failure?: Maybe<Failure> }>;
  readonly activityTaskCanceledEventAttributes?: Maybe<Scheduled>;
}

interface Scheduled {
  readonly scheduledEventId?: Maybe<{ toString(): string } | number>;
}

/** The activities of a history, in the order in which they were scheduled. Local ones, which are reads, are not in it. */
export function activityRows(events: readonly HistoryEvent[]): ActivityRow[] {
  const rows = new Map<string, ActivityRow>();
  for (const event of events) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (isThere(scheduled)) rows.set(String(event.eventId), begun(event, scheduled.activityType?.name ?? ''));
    const change = changeOf(event);
    const row = change === null ? undefined : rows.get(change.id);
    if (change !== null && row !== undefined) rows.set(change.id, { ...row, ...change.with(row) });
  }
  return [...rows.values()];
}

interface Change {
  readonly id: string;
  readonly with: (row: ActivityRow) => Partial<ActivityRow>;
}

function changeOf(event: HistoryEvent): Change | null {
  const started = event.activityTaskStartedEventAttributes;
  if (isThere(started)) {
    const { attempt, lastFailure } = started;
    return { id: idOf(started), with: () => ({ attempt: attempt ?? 1, failure: messageOf(lastFailure) }) };
  }
  const failed = event.activityTaskFailedEventAttributes;
  if (isThere(failed)) return ended(event, failed, 'failed', failed.failure);
  const timedOut = event.activityTaskTimedOutEventAttributes;
  if (isThere(timedOut)) return ended(event, timedOut, 'timed out', timedOut.failure);
  const cancelled = event.activityTaskCanceledEventAttributes;
  if (isThere(cancelled)) return ended(event, cancelled, 'cancelled');
  const completed = event.activityTaskCompletedEventAttributes;
  return isThere(completed) ? ended(event, completed, 'completed') : null;
}

function ended(event: HistoryEvent, of: Scheduled, outcome: ActivityRow['outcome'], failure?: Maybe<Failure>): Change {
  return {
    id: idOf(of),
    with: (row) => ({
      outcome,
      tookMs: millis(event.eventTime) - row.at,
      ...(isThere(failure) ? { failure: messageOf(failure) } : {}),
    }),
  };
}

function begun(event: HistoryEvent, activity: string): ActivityRow {
  const base = { attempt: 0, outcome: 'under way', tookMs: null, failure: '' } as const;
  return { activity, summary: summaryOf(event), at: millis(event.eventTime), ...base };
}

/** Labels are payloads of JSON strings. */
function summaryOf({ userMetadata }: HistoryEvent): string {
  const data = userMetadata?.summary?.data;
  if (!isThere(data)) return '';
  try {
    return String(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return '';
  }
}

/** The innermost failure tells what happened; those around it only where. */
function messageOf(failure: Maybe<Failure>): string {
  if (!isThere(failure)) return '';
  const inner = messageOf(failure.cause);
  return inner === '' ? (failure.message ?? '') : inner;
}

/** Of a protobuf timestamp, milliseconds since 1970; 0 for none. */
export function millis(time: Maybe<Timestamp>): number {
  return Number(String(time?.seconds ?? 0)) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
}

function idOf({ scheduledEventId }: Scheduled): string {
  return String(scheduledEventId);
}

function isThere<T>(value: Maybe<T>): value is T {
  return value !== undefined && value !== null;
}
