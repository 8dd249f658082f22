import { eniTags } from '../../../src/domain/tags.js';
import { attachment, eni, instance } from '../../support/builders.js';
import { begin, type Lives, moveByHand, release } from '../life.js';

/** What happens to every pair sooner or later. */
export const USUAL: Lives = {
  'attached-and-released': {
    live: async (lab) => {
      await begin(lab);
      await release(lab);
    },
    shows: ['createEni', 'attachEni', 'verifyEni', 'detachEni', 'deleteEni', 'releaseAttachment'],
  },
  'changed-in-place': {
    live: async (lab) => {
      await begin(lab);
      lab.cloud.edit({ description: 'another', tags: { team: 'net' }, sourceDestCheck: false });
      await lab.signal();
      await lab.attached();
    },
    shows: ['set description, sourceDestCheck, tags of eni-1'],
  },
  'paused-and-resumed': {
    live: async (lab) => {
      await begin(lab);
      lab.cloud.edit({ paused: true, description: 'another' });
      await lab.signal();
      await lab.status('it is paused', ({ reason }) => reason === 'Paused');
      lab.cloud.edit({ paused: false });
      await lab.signal();
      await lab.attached();
    },
    shows: ['set description of eni-1'],
  },
  'instance-starting': {
    live: async (lab) => {
      lab.cloud.instance = instance({ state: 'pending' });
      await lab.life();
      await lab.status('it waits', ({ phase }) => phase === 'Pending');
      lab.cloud.instance = instance();
      await lab.attached();
    },
    shows: ['awaitInstance', 'createEni'],
  },
  adopted: {
    live: async (lab) => {
      const { spec } = attachment();
      const owner = {
        clusterName: lab.cloud.clusterName,
        attachmentUid: 'the-former-one',
        nodeEniName: spec.nodeEni.name,
        nodeEniUid: spec.nodeEni.uid,
        nodeName: spec.nodeName,
      };
      lab.cloud.enis.set('eni-former', eni({ eniId: 'eni-former', tags: eniTags(owner, spec.tags) }));
      await begin(lab);
    },
    shows: ['adopt eni-former', 'attachEni'],
  },
  'detached-by-hand': {
    live: async (lab) => {
      await begin(lab);
      moveByHand(lab, null);
      await lab.signal();
      await lab.status('another attachment', ({ attachmentId }) => attachmentId === 'eni-attach-3');
      await lab.attached();
    },
    shows: ['attachEni'],
  },
  'detaching-by-hand': {
    live: async (lab) => {
      await begin(lab);
      moveByHand(lab, { status: 'detaching' });
      await lab.signal();
      await lab.status('it waits for the detach', ({ phase }) => phase === 'Detaching');
      moveByHand(lab, null);
      await lab.attached();
    },
    shows: ['wait until eni-1 is detached'],
  },
  'moved-by-hand': {
    live: async (lab) => {
      await begin(lab);
      moveByHand(lab, { deviceIndex: 2 });
      await lab.signal();
      await lab.status('another attachment', ({ attachmentId }) => attachmentId === 'eni-attach-3');
      await lab.attached();
    },
    shows: ['detach eni-1'],
  },
  'deleted-by-hand': {
    live: async (lab) => {
      await begin(lab);
      lab.cloud.enis.clear();
      await lab.signal();
      await lab.status('another ENI', ({ eniId, phase }) => phase === 'Attached' && eniId === 'eni-3');
    },
    shows: ['createEni', 'attach eni-3 to i-0a1 as device 1'],
  },
  'without-search-attributes': {
    live: async (lab) => {
      await lab.life(false);
      await lab.attached();
      await release(lab);
    },
    shows: ['createEni', 'WORKFLOW_EXECUTION_COMPLETED'],
  },
};
