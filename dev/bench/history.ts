import { Client, Connection } from '@temporalio/client';

import { pairWorkflowId } from '../../src/domain/names.js';
import type { Stack } from '../stack/stack.js';

/** The lengths of histories. */
export interface HistoryEvents {
  readonly mean: number;
  readonly most: number;
}

const AT_ONCE = 8;
const CLUSTER = 'dev';

/** Looks up how many history events the workflow of each node has. */
export async function historyEvents(
  { temporal }: Pick<Stack, 'temporal'>,
  nodeEni: string,
  nodes: readonly string[],
): Promise<HistoryEvents> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    const lengths: number[] = [];
    for (let start = 0; start < nodes.length; start += AT_ONCE) {
      const handles = nodes.slice(start, start + AT_ONCE).map((node) => pairWorkflowId(CLUSTER, nodeEni, node));
      const described = await Promise.all(handles.map((id) => client.workflow.getHandle(id).describe()));
      lengths.push(...described.map(({ historyLength }) => historyLength));
    }
    return { mean: lengths.reduce((sum, length) => sum + length, 0) / lengths.length, most: Math.max(...lengths) };
  } finally {
    await connection.close();
  }
}
