import assert from 'node:assert/strict';

import { Client, Connection } from '@temporalio/client';

import { eventually } from '../../dev/stack/eventually.js';
import { TemporalServer } from '../../dev/stack/temporal.js';
import { createPairWorkflows } from '../../src/watcher/pair-workflows.js';
import type { PairWorkflows } from '../../src/watcher/ports.js';
import { scratchFolder } from '../stack/scratch.js';

const TARGET = { clusterName: 'c', uid: 'u-1', name: 'n.0.1', nodeName: 'n', nodeEniName: 'e' };
const WORKFLOW_ID = 'eni:c:e:n';
const AT_ONCE = 100;

describe('waking a pair', function () {
  this.timeout(60_000);
  const dir = scratchFolder();
  let server: TemporalServer;
  let connections: readonly Connection[];
  let clients: readonly Client[];

  before(async () => {
    server = await TemporalServer.start({ dir });
    const { address, namespace } = server;
    connections = await Promise.all([Connection.connect({ address }), Connection.connect({ address })]);
    clients = connections.map((connection) => new Client({ connection, namespace }));
  });
  after(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await server.stop();
  });

  const wakeAll = async (): Promise<unknown> => {
    const watchers = clients.map((client) => createPairWorkflows(client, 'c', true));
    const wakes = (watcher: PairWorkflows): Promise<void>[] =>
      Array.from({ length: AT_ONCE / 2 }, () => watcher.wake(TARGET, 'i-1', false));
    return Promise.all(watchers.flatMap(wakes));
  };

  const running = async (): Promise<string[]> => {
    const query = `WorkflowId = '${WORKFLOW_ID}' AND ExecutionStatus = 'Running'`;
    const found = await Array.fromAsync(clients[0]?.workflow.list({ query }) ?? []);
    return found.map(({ runId }) => runId);
  };

  it(`a hundred times at once, by two watchers, starts one workflow, and another when that has ended`, async () => {
    await wakeAll();
    const [first, ...others] = await eventually('it is seen to run', async () => {
      const runs = await running();
      return runs.length > 0 && runs;
    });
    await clients[0]?.workflow.getHandle(WORKFLOW_ID).terminate('the life of the pair has ended');

    await wakeAll();
    const next = await eventually('the next run is seen', async () => {
      const runs = await running();
      return runs.length > 0 && !runs.includes(first ?? '') && runs;
    });

    assert.deepEqual(others, []);
    assert.equal(next.length, 1);
  });
});
