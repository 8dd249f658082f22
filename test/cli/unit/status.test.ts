import assert from 'node:assert/strict';

import { list, matrix } from '../../../src/cli/commands/status.js';
import { pairsOf } from '../../../src/cli/pairs/pair-states.js';
import { attachment, node, nodeEni, NOW } from '../../support/builders.js';
import { tableIn } from '../support/run.js';
import { cluster } from './cluster.js';

const STORAGE = nodeEni({ spec: { nodeSelector: { role: 'db' } } });
const LATE = nodeEni({ name: 'late', createdAt: '2026-01-01T00:00:00Z', spec: { nodeSelector: { role: 'db' } } });
const DB = { labels: { role: 'db' } };

describe('the table of nodes and NodeENIs', () => {
  const nodes = [
    node(1, DB),
    node(2, { ...DB, providerId: '' }),
    node(3, { ...DB, providerId: 'kind://x' }),
    node(4),
    node(5, { ...DB, paused: true }),
    node(6, DB),
  ];
  const attachments = [
    attachment({ status: { phase: 'Attached', eniId: 'eni-0123456789abcdef0' } }),
    attachment({ spec: { nodeName: 'gone' }, status: { phase: 'Detaching' } }),
  ];
  const seen = cluster({ nodes, nodeEnis: [STORAGE, LATE], attachments });

  it('has a word for each state of a pair', () => {
    const rows = tableIn(matrix(seen, pairsOf(seen, NOW)), 'NODE');

    const storage = rows.map(({ NODE: name, STORAGE: cell }) => [name, cell]);
    assert.deepEqual(storage, [
      ['gone', 'Detaching'],
      ['node-1', 'Attached eni-01234567'],
      ['node-2', 'NoProviderID'],
      ['node-3', 'NotEC2'],
      ['node-5', 'Paused'],
      ['node-6', 'Pending'],
    ]);
    assert.equal(rows.find(({ NODE: name }) => name === 'node-1')?.['LATE'], 'SlotConflict');
  });

  it('counts the nodes that no NodeENI selects', () => {
    assert.match(matrix(seen, pairsOf(seen, NOW)), /1 more node is selected by no NodeENI/);
  });

  it('names what could not be read, and says when there is nothing', () => {
    const odd = cluster({ nodeEnis: [STORAGE], unreadable: { nodes: [], nodeEnis: ['odd'], attachments: [] } });

    assert.match(matrix(odd, []), /left out: odd/);
    assert.equal(matrix(cluster(), []), 'There are no NodeENIs.\n');
    assert.equal(list(cluster(), [], NOW), 'There are no NodeENIs.\n');
  });

  it('is wider with whole ids, times and messages', () => {
    const blocked = attachment({ status: { phase: 'Blocked', reason: 'SubnetFull', message: 'no free address' } });
    const readySince = new Map([[blocked.name, '2025-12-31T23:59:00Z']]);
    const wide = cluster({ nodes: [node(1, DB)], nodeEnis: [STORAGE], attachments: [blocked], readySince });

    const [row] = tableIn(list(wide, pairsOf(wide, NOW), NOW), 'NODE');

    assert.equal(row?.['STATE'], 'SubnetFull');
    assert.equal(row['SLOT'], '0.1');
    assert.equal(row['SINCE'], '60s');
    assert.equal(row['MESSAGE'], 'no free address');
  });
});
