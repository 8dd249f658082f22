import assert from 'node:assert/strict';

import { predict, type Prediction } from '../../../src/cli/plan/predict.js';
import type { Attachment } from '../../../src/domain/attachment.js';
import type { NodeEni } from '../../../src/domain/node-eni.js';
import { desiredPairs } from '../../../src/domain/pairing/desired.js';
import { attachment, node, nodeEni, NOW } from '../../support/builders.js';
import { cluster } from './cluster.js';

const BEFORE = nodeEni({ spec: { nodeSelector: { role: 'db' } } });
const DB = { labels: { role: 'db' } };

function attached(owner: NodeEni, number: number): Attachment {
  const { pairs } = desiredPairs([node(number, DB)], [owner]);
  const spec = pairs[0]!.spec;
  return attachment({
    uid: `uid-${number}`,
    spec,
    status: { phase: 'Attached', eniId: `eni-${number}`, subnetId: 'subnet-a' },
  });
}

function words(predictions: readonly Prediction[]): string[] {
  return predictions.map(({ node: name, action, detail }) => `${name} ${action} ${detail}`.trim());
}

describe('a prediction', () => {
  it('of a new NodeENI creates on matching nodes, skips those that cannot, and sees who holds the slot', () => {
    const others = attached(nodeEni({ name: 'other' }), 2);
    const seen = cluster({
      nodes: [node(1, DB), node(2, DB), node(3, { ...DB, providerId: 'kind://x' }), node(4)],
      nodeEnis: [nodeEni({ name: 'other', spec: { nodeSelector: { none: 'such' } } })],
      attachments: [others],
    });

    assert.deepEqual(words(predict(seen, [BEFORE], NOW)), [
      'node-1 create',
      'node-2 conflict NodeENI other holds the slot',
      'node-3 skip kind://x is no EC2 instance',
    ]);
  });

  it('names the fields that change in place, with both values', () => {
    const seen = cluster({ nodes: [node(1, DB)], nodeEnis: [BEFORE], attachments: [attached(BEFORE, 1)] });
    const after = nodeEni({ ...BEFORE, spec: { ...BEFORE.spec, securityGroupIds: ['sg-2'], tags: { team: 'a' } } });

    const [found] = predict(seen, [after], NOW);

    assert.equal(found?.action, 'change');
    assert.equal(found.detail, 'securityGroupIDs: sg-1 -> sg-2; tags: none -> team=a');
  });

  it('replaces one at a time when the slot changes, and waits for the user with OnDelete', () => {
    const attachments = [attached(BEFORE, 1), attached(BEFORE, 2)];
    const seen = cluster({ nodes: [node(1, DB), node(2, DB)], nodeEnis: [BEFORE], attachments });
    const rolling = nodeEni({ ...BEFORE, spec: { ...BEFORE.spec, deviceIndex: 2 } });
    const updateStrategy = { type: 'OnDelete', maxUnavailable: 1 } as const;
    const onDelete = nodeEni({ ...rolling, spec: { ...rolling.spec, updateStrategy } });

    assert.deepEqual(words(predict(seen, [rolling], NOW)), [
      'node-1 replace at once',
      'node-2 replace in its turn, at most 1 at a time',
    ]);
    assert.match(predict(seen, [onDelete], NOW)[0]?.detail ?? '', /^when you delete NodeENIAttachment node-1\.0\.1$/);
  });

  it('removes what is no longer selected, and leaves alone what is as wanted or paused', () => {
    const attachments = [attached(BEFORE, 1), attached(BEFORE, 2), attached(BEFORE, 3)];
    const nodes = [node(1, DB), node(2), node(3, { ...DB, paused: true })];
    const seen = cluster({ nodes, nodeEnis: [BEFORE], attachments });

    assert.deepEqual(
      predict(seen, [BEFORE], NOW).map(({ action }) => action),
      ['none', 'remove', 'paused'],
    );
  });
});
