import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inspect } from 'node:util';

import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

import { REPO } from '../../dev/bootstrap/paths.js';

/** Where the histories are. */
export const HISTORIES = join(REPO, 'test/histories');

/** A recorded history. */
export interface RecordedHistory {
  /** Its file's name. */
  readonly name: string;
  /** The release that it was recorded from. */
  readonly release: string;
  /** Which of the lives in test/replay/lives. */
  readonly life: string;
  readonly read: () => History;
}

/** The part of a history's JSON that is read here. */
export interface History {
  readonly events: readonly {
    readonly eventType: string;
    readonly userMetadata?: { readonly summary?: { readonly data?: string } };
    readonly activityTaskStartedEventAttributes?: { readonly attempt: number };
    readonly activityTaskScheduledEventAttributes?: { readonly activityType: { readonly name: string } };
  }[];
}

/** The name of a history's file: of a life that takes several runs, each has one. */
export function fileName(release: string, life: string, run: number, runs: number): string {
  return `${release}-${life}${runs === 1 ? '' : `.${run}`}.json`;
}

/** All that there are. */
export function histories(): RecordedHistory[] {
  return globSync(join(HISTORIES, '*.json'))
    .sort()
    .map((path) => {
      const name = basename(path);
      const [, release = '', life = ''] = /^(\d+\.\d+\.\d+)-([a-z-]+?)(?:\.\d+)?\.json$/.exec(name) ?? [];
      return { name, release, life, read: () => JSON.parse(readFileSync(path, 'utf8')) as History };
    });
}

/** The types of a history's activities and events, without their prefix, all summaries, and the attempts of activities. */
export function contents({ events }: History): string[] {
  return events.flatMap((event) => {
    const { activityTaskScheduledEventAttributes: scheduled, activityTaskStartedEventAttributes: started } = event;
    const said = event.userMetadata?.summary?.data;
    return [
      event.eventType.replace('EVENT_TYPE_', ''),
      ...(scheduled === undefined ? [] : [scheduled.activityType.name]),
      ...(started === undefined ? [] : [`attempt ${started.attempt}`]),
      ...(said === undefined ? [] : [summary(said)]),
    ];
  });
}

function summary(data: string): string {
  return JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as string;
}

/** Replays histories. Resolves with what the workers have against them, by their names; empty when all is well. */
export async function check(
  bundle: WorkflowBundleWithSourceMap,
  recordings: readonly RecordedHistory[],
): Promise<Map<string, unknown>> {
  const failures = new Map<string, unknown>();
  const all = recordings.map(({ name, read }) => ({ workflowId: name, history: read() }));
  // One worker for all: each start costs more than a replay.
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, all)) {
    if (error !== undefined) failures.set(workflowId, error);
  }
  return failures;
}

/** The failures of {@link check} in full. */
export function explained(failures: ReadonlyMap<string, unknown>): string {
  return [...failures].map(([name, error]) => `${name}: ${inspect(error)}`).join('\n');
}
