import assert from 'node:assert/strict';

import { missing, type Present, type Wanted } from '../../dev/crash-matrix/wanted.js';
import type { Ec2Eni } from '../../dev/stack/ec2-types.js';

const UID_TAG = 'networking.k8s.aws/attachment-uid';

const wanted: Wanted = {
  subnetID: 'subnet-1',
  deviceIndex: 2,
  securityGroupIDs: ['sg-1'],
  description: 'made',
  sourceDestCheck: true,
  deleteOnTermination: true,
  tags: { team: 'a' },
};

const attachment = { id: 'eni-attach-1', deviceIndex: 2, deleteOnTermination: true, status: 'attached' };

function eni(change: object = {}): Ec2Eni {
  const plain = { id: 'eni-1', subnetId: 'subnet-1', groups: ['sg-1'], description: 'made', sourceDestCheck: true };
  return { ...plain, attachment, tags: { team: 'a', [UID_TAG]: 'uid-1' }, ...change } as unknown as Ec2Eni;
}

function attachmentObject(change: object = {}): Present['attachments'][number] {
  const metadata = { name: 'a.0.2', uid: 'uid-1', generation: 3 };
  const status = { phase: 'Attached', observedGeneration: 3, ...change };
  return { metadata, spec: { nodeENI: { name: 'a' }, nodeName: 'a', instanceID: 'i-1' }, status };
}

function nodeEni(change: object = {}): Present['nodeEni'] {
  const status = { attached: 1, updated: 1, observedGeneration: 7, ...change };
  return { metadata: { name: 'a', generation: 7 }, spec: {}, status } as unknown as Present['nodeEni'];
}

function present(change: Partial<Present> = {}): Present {
  return { nodeEni: nodeEni(), attachments: [attachmentObject()], enis: [eni()], ...change };
}

describe('what a pair lacks', () => {
  const rows: [title: string, change: Partial<Present>, words: RegExp][] = [
    ['its ENI', { enis: [] }, /^0 ENIs$/],
    ['to be rid of a second ENI', { enis: [eni(), eni()] }, /^2 ENIs$/],
    ['to be rid of a second Attachment', { attachments: [attachmentObject(), attachmentObject()] }, /^2 Attachments$/],
    ['the new subnet', { enis: [eni({ subnetId: 'subnet-2' })] }, /^the ENI is .*"subnet-2"/],
    ['the new slot', { enis: [eni({ attachment: { ...attachment, deviceIndex: 3 } })] }, /"deviceIndex":3/],
    ['an attached ENI', { enis: [eni({ attachment: null })] }, /"deviceIndex":-1/],
    ['a tag', { enis: [eni({ tags: { [UID_TAG]: 'uid-1' } })] }, /"team":"none"/],
    ['the tag of its own Attachment', { enis: [eni({ tags: { team: 'a', [UID_TAG]: 'uid-0' } })] }, /UID of another/],
    ['its phase', { attachments: [attachmentObject({ phase: 'Attaching' })] }, /^the Attachment is Attaching$/],
    ['a look at its last change', { attachments: [attachmentObject({ observedGeneration: 2 })] }, /not up to date$/],
    ['its place in the counts', { nodeEni: nodeEni({ attached: 0 }) }, /^the status of the NodeENI/],
    ['counts of this generation', { nodeEni: nodeEni({ observedGeneration: 6 }) }, /^the status of the NodeENI/],
  ];
  for (const [title, change, words] of rows) {
    it(`may be ${title}`, () => {
      assert.match(missing('adopt', wanted, present(change)) ?? 'nothing', words);
    });
  }

  it('is nothing when all is as wanted', () => {
    assert.equal(missing('make', wanted, present()), null);
  });

  it('is to be gone after the last phase, with all that it had', () => {
    const nothing = { nodeEni: undefined, attachments: [], enis: [] };

    assert.equal(missing('release', wanted, nothing), null);
    assert.equal(missing('release', wanted, present()), 'still there: NodeENI, Attachment, eni-1');
    assert.equal(missing('sweep', wanted, { ...nothing, enis: [eni()] }), 'still there: eni-1');
  });
});
