import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { AttachmentClient } from '../../src/kubernetes/attachments.js';
import { NodeEniClient } from '../../src/kubernetes/node-enis.js';
import { REPO } from '../../dev/bootstrap/paths.js';
import { sample } from '../../dev/crash-matrix/boundaries.js';
import { nameOf, PHASES } from '../../dev/crash-matrix/calls.js';
import { ATTRIBUTES } from '../../dev/crash-matrix/ec2-calls.js';
import { EVENT, WRITES } from '../../dev/crash-matrix/kubernetes-calls.js';
import { type Matrix, runMatrix } from '../../dev/crash-matrix/run-matrix.js';
import { complaint, converged } from '../../dev/crash-matrix/verdict.js';

/** Writes of the API client that the controller may use, and where pairs meet them. */
const CLIENT_WRITES = {
  createClusterCustomObject: 'struck: our two kinds',
  deleteClusterCustomObject: 'struck: our two kinds',
  patchClusterCustomObject: 'struck: our two kinds',
  patchClusterCustomObjectStatus: 'struck: our two kinds',
  createNamespacedEvent: 'struck: of a leaked ENI; the others are written alike, and nothing depends on any',
  createNamespacedLease: 'not of a pair: who leads, on which nothing depends; test/replicas kills the leader',
  replaceNamespacedLease: 'not of a pair: the same',
};

/** Those of the plugin, a program of its own that people run: no part of a pair's life. */
const PLUGIN_WRITES = {
  patchNode: 'pause and resume a node',
  createClusterCustomObject: 'plan, as a dry run',
  replaceClusterCustomObject: 'plan, as a dry run',
};

/** Methods that read. */
const READ = /^(constructor|get|list\w*|uidsOfNode)$/;

function source(pattern: string, isWanted: (file: string) => boolean = () => true): string {
  return globSync(pattern, { cwd: REPO })
    .filter(isWanted)
    .map((file) => readFileSync(join(REPO, file), 'utf8'))
    .join('\n');
}

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))];
}

function methods(client: { readonly prototype: object }): string[] {
  return Object.getOwnPropertyNames(client.prototype).filter((name) => !READ.test(name));
}

describe('the crash matrix', function () {
  this.timeout(900_000);
  let matrix: Matrix;

  before('strike pairs at every call of a life, once each', async () => {
    matrix = await runMatrix({ choose: sample, log: (line) => process.stderr.write(`    ${line}\n`) });
  });

  function whats(): string[] {
    return matrix.calls.map(({ what }) => what);
  }

  it('strikes every call of a quiet life, and each pair heals with one ENI, of which none is left', () => {
    const sick = matrix.verdicts.filter((one) => !converged(one));

    assert.deepEqual(
      sick.map((one) => `${nameOf(one.boundary)}: ${complaint(one)}`),
      [],
    );
    assert.equal(matrix.verdicts.length, matrix.calls.length);
    assert.ok(matrix.calls.length >= 80, `${matrix.calls.length} calls`);
  });

  it('has calls of every phase, the list and the Event of the audit among them', () => {
    const phases = PHASES.filter((phase) => !matrix.calls.some((call) => call.phase === phase));

    assert.deepEqual(phases, []);
    assert.ok(whats().includes('DescribeNetworkInterfaces of the cluster'));
    assert.ok(whats().includes(`${EVENT}: OrphanDeleted`));
  });

  it('has every EC2 action that src/aws can call', () => {
    const actions = found(source('src/aws/*.ts'), /\bnew (\w+)Command\(/g);

    const missing = actions.filter((action) => !whats().some((what) => what.split(' ')[0] === action));

    assert.ok(actions.length >= 11, actions.join());
    assert.deepEqual(missing, []);
  });

  it('has every change of an ENI in place', () => {
    const missing = Object.keys(ATTRIBUTES).filter((name) => !whats().some((what) => what.endsWith(` ${name}`)));

    assert.deepEqual(missing, []);
    assert.ok(!whats().some((what) => what.endsWith(' unknown')));
  });

  it('has every write of the clients of our kinds', () => {
    const known = { attachment: methods(AttachmentClient), nodeEni: methods(NodeEniClient) };
    const names = [...Object.values(WRITES.attachment), ...Object.values(WRITES.nodeEni)];

    assert.deepEqual(known.attachment.toSorted(), Object.keys(WRITES.attachment).toSorted());
    assert.deepEqual(known.nodeEni.toSorted(), Object.keys(WRITES.nodeEni).toSorted());
    const missing = names.filter((name) => !whats().some((what) => what.startsWith(name)));
    assert.deepEqual(missing, []);
  });

  it('knows every way in which src writes to the API server, controller and plugin apart', () => {
    const write = /\.((?:create|patch|replace|delete)(?:Cluster|Namespaced|Node)\w*)\(/g;
    const isPlugin = (file: string): boolean => file.startsWith(join('src', 'cli'));

    const controller = found(
      source('src/**/*.ts', (file) => !isPlugin(file)),
      write,
    );
    const plugin = found(source('src/**/*.ts', isPlugin), write);

    assert.deepEqual(controller.toSorted(), Object.keys(CLIENT_WRITES).toSorted());
    assert.deepEqual(plugin.toSorted(), Object.keys(PLUGIN_WRITES).toSorted());
  });
});
