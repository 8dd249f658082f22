import type { World } from '../../../dev/world/world.js';
import { pairWorkflowId } from '../../../src/domain/names.js';

/** What the history of a pair's latest run says of its workflow tasks. */
export interface WorkflowTasks {
  /** The releases that completed them, in order, without repetitions: the end of the worker's identity. */
  readonly releases: readonly string[];
  /** The versions that Temporal noted, likewise; null for workers without one. */
  readonly versions: readonly (string | null)[];
  /** How many failed, as those do whose history cannot be replayed. */
  readonly failed: number;
  /** The ids of the patches that the workflow noted. */
  readonly patches: readonly string[];
}

/** Reads the history of a pair's latest run. */
export async function workflowTasks(world: World, nodeEni: string, node: string): Promise<WorkflowTasks> {
  const clusterName = world.stack.env()['MULTI_ENI_CLUSTER_NAME'] ?? '';
  const { events } = await world.pairs.temporal((client) =>
    client.workflow.getHandle(pairWorkflowId(clusterName, nodeEni, node)).fetchHistory(),
  );
  const completed = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: task }) => task ?? []);
  const markers = (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) => marker ?? []);
  return {
    releases: withoutRepetitions(completed.map(({ identity }) => identity?.split('@').at(-1) ?? '')),
    versions: withoutRepetitions(completed.map(({ deploymentVersion }) => deploymentVersion?.buildId ?? null)),
    failed: (events ?? []).filter(({ workflowTaskFailedEventAttributes: failed }) => failed).length,
    patches: markers.filter(({ markerName }) => markerName === 'core_patch').map(({ details }) => patchId(details)),
  };
}

function patchId(
  details: Record<string, { payloads?: { data?: Uint8Array | null }[] | null }> | null | undefined,
): string {
  const data = details?.['patch-data']?.payloads?.[0]?.data ?? new Uint8Array();
  return (JSON.parse(Buffer.from(data).toString('utf8') || '{}') as { id?: string }).id ?? '';
}

function withoutRepetitions<T>(list: readonly T[]): T[] {
  return list.filter((one, index) => one !== list[index - 1]);
}
