import assert from 'node:assert/strict';

import { CliFailure } from '../../../src/cli/failure.js';
import { findSubject, parseSubject } from '../../../src/cli/pairs/subject.js';
import { attachment, node, nodeEni } from '../../support/builders.js';
import { cluster } from './cluster.js';

const SEEN = cluster({
  nodes: [node(1), node(2, { name: 'both' })],
  nodeEnis: [nodeEni(), nodeEni({ name: 'both' })],
  attachments: [attachment({ spec: { nodeName: 'gone' } })],
});

describe('the name of a node or a NodeENI', () => {
  it('may have its kind before it, as kubectl has it', () => {
    assert.deepEqual(parseSubject('node/a'), { kind: 'node', name: 'a' });
    assert.deepEqual(parseSubject('neni/a'), { kind: 'nodeeni', name: 'a' });
    assert.equal(parseSubject('a'), null);
  });

  for (const wrong of ['pod/a', 'node/', 'node/a/b']) {
    it(`is not ${wrong}, which is a wrong use`, () => {
      assert.throws(
        () => parseSubject(wrong),
        (error) => error instanceof CliFailure && error.exitCode === 2,
      );
    });
  }

  it('is found without its kind when only one thing has it', () => {
    assert.deepEqual(findSubject(SEEN, 'node-1'), { kind: 'node', name: 'node-1' });
    assert.deepEqual(findSubject(SEEN, 'storage'), { kind: 'nodeeni', name: 'storage' });
    assert.deepEqual(findSubject(SEEN, 'gone'), { kind: 'node', name: 'gone' });
  });

  it('has to be told apart when a node and a NodeENI have it', () => {
    assert.throws(() => findSubject(SEEN, 'both'), /say node\/both or nodeeni\/both/);
    assert.deepEqual(findSubject(SEEN, 'nodeeni/both'), { kind: 'nodeeni', name: 'both' });
  });

  it('that nothing has is a failure', () => {
    assert.throws(() => findSubject(SEEN, 'nope'), /no node and no NodeENI nope/);
    assert.throws(() => findSubject(SEEN, 'node/storage'), /no node storage/);
  });
});
