import type { Cluster } from '../../../src/cli/cluster/cluster.js';

/** A cluster in which nothing is unreadable. */
export function cluster(changes: Partial<Cluster> = {}): Cluster {
  return {
    nodes: [],
    nodeEnis: [],
    attachments: [],
    unreadable: { nodes: [], nodeEnis: [], attachments: [] },
    readySince: new Map(),
    ...changes,
  };
}
