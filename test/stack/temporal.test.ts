import assert from 'node:assert/strict';

import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

import { eventually } from '../../dev/stack/eventually.js';
import { TemporalServer } from '../../dev/stack/temporal.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/contract/search-attributes.js';
import { isAlive, scratchFolder } from './scratch.js';

describe('the Temporal server of the stack', () => {
  const dir = scratchFolder();
  let server: TemporalServer;
  let client: Client;

  before(async () => {
    server = await TemporalServer.start({ dir });
    const connection = await Connection.connect({ address: server.address });
    client = new Client({ connection, namespace: server.namespace });
  });
  after(async () => {
    await client.connection.close();
    await server.stop();
  });

  async function startWorkflow(workflowId: string): Promise<void> {
    const typedSearchAttributes: SearchAttributePair[] = SEARCH_ATTRIBUTE_NAMES.map((name) => {
      return { key: defineSearchAttributeKey(name, 'KEYWORD'), value: workflowId };
    });
    await client.workflow.start('anything', { taskQueue: 'nobody', workflowId, typedSearchAttributes });
  }

  async function countRunning(workflowId: string): Promise<number> {
    return (await client.workflow.count(`NodeEniName = '${workflowId}' AND EniId = '${workflowId}'`)).count;
  }

  it('finds workflows by every search attribute of ours, at once after its start', async () => {
    await startWorkflow('first');

    await eventually('the workflow is found', async () => (await countRunning('first')) === 1);
  });

  it('shows its Web UI and its metrics', async () => {
    assert.match(await (await fetch(server.uiUrl)).text(), /<!doctype html>/i);
    assert.match(await (await fetch(server.metricsUrl)).text(), /^service_requests/m);
  });

  it('keeps its workflows when it is killed and started again', async () => {
    const killed = server.pid;

    await server.kill9();
    assert.equal(isAlive(killed), false);
    await server.restart();

    assert.notEqual(server.pid, killed);
    await eventually('the workflow is found', async () => (await countRunning('first')) === 1);
  });

  it('loses them when it is wiped, and serves the same namespace again', async () => {
    await server.wipe();

    assert.equal(await eventually('a count', () => countRunning('first')), 0);
    await startWorkflow('second');
    await eventually('the workflow is found', async () => (await countRunning('second')) === 1);
  });

  it('leaves no process when it is stopped', async () => {
    const { pid } = server;

    await server.stop();

    assert.equal(isAlive(pid), false);
  });
});
