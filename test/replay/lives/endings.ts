import { setTimeout as sleep } from 'node:timers/promises';

import { attachment } from '../../support/builders.js';
import { begin, type Lives, moveByHand, inRun, refusal, release, under } from '../life.js';

const FORCE_AFTER_S = 1;

/** How a pair's life ends at each of its stages, and what its next run is. */
export const ENDINGS: Lives = {
  'deleted-while-creating': {
    changed: (real, lab) => ({
      createEni: async (target, intent) => {
        lab.cloud.remove();
        await lab.signal();
        return real.createEni(target, intent);
      },
    }),
    live: async (lab) => {
      await lab.life();
      await lab.end();
    },
    shows: ['createEni', 'deleteEni', 'releaseAttachment'],
  },
  'deleted-while-attaching': {
    live: async (lab) => {
      lab.cloud.looksToAttach = Infinity;
      await lab.life();
      await under(lab, 'verifyEni');
      await release(lab);
    },
    shows: ['ACTIVITY_TASK_CANCELED', 'detachEni', 'deleteEni'],
  },
  'deleted-while-detaching': {
    live: async (lab) => {
      await begin(lab);
      moveByHand(lab, { status: 'detaching' });
      await lab.signal();
      await under(lab, 'verifyEni');
      lab.cloud.remove();
      await lab.signal();
      await under(lab, 'detachEni');
      moveByHand(lab, null);
      await lab.end();
    },
    shows: ['wait until eni-1 is detached', 'ACTIVITY_TASK_CANCELED', 'detachEni', 'deleteEni'],
  },
  'deleted-while-blocked': {
    live: async (lab) => {
      lab.cloud.instance = null;
      await lab.life();
      await lab.status('it is blocked', ({ reason }) => reason === 'InstanceNotFound');
      await release(lab);
    },
    shows: ['InstanceNotFound: try again', 'releaseAttachment'],
  },
  'detach-forced': {
    changed: (real) => ({
      detachEni: async (ref) => {
        if (ref.force) return real.detachEni(ref);
        await sleep(FORCE_AFTER_S * 1_500);
        throw refusal({ reason: 'NotVisibleYet', definite: false }); // too late to be heard
      },
    }),
    live: async (lab) => {
      lab.cloud.edit({ forceDetachAfterSeconds: FORCE_AFTER_S });
      await begin(lab);
      await release(lab);
    },
    shows: ['detach eni-1', 'ACTIVITY_TASK_TIMED_OUT', 'force-detach eni-1', 'deleteEni'],
  },
  'finalizer-taken-off-by-hand': {
    live: async (lab) => {
      await begin(lab);
      const { target } = lab.cloud;
      lab.cloud.attachment = null;
      await lab.signal(target);
      await lab.end();
    },
    shows: ['detachEni', 'deleteEni', 'WORKFLOW_EXECUTION_COMPLETED'],
  },
  cancelled: {
    live: async (lab) => {
      await begin(lab);
      await lab.handle.cancel();
      await lab.end();
    },
    shows: ['WORKFLOW_EXECUTION_CANCELED'],
  },
  'replaced-by-the-next-attachment': {
    live: async (lab, client) => {
      await begin(lab);
      const next = attachment({ uid: 'b0000000-0000-4000-8000-000000000002' });
      lab.cloud.remove();
      await lab.signal();
      await lab.signal({ ...lab.cloud.target, uid: next.uid });
      await lab.status('the first life is over', () => lab.cloud.attachment === null);
      lab.cloud.attachment = next;
      await lab.signal();
      await inRun(lab, client, 2);
      await lab.attached();
    },
    shows: ['WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'createEni', 'deleteEni'],
    runs: 2,
  },
  'new-run-after-signals': {
    live: async (lab, client) => {
      await begin(lab);
      for (let signals = 0; signals <= 40; signals += 1) await lab.signal();
      await inRun(lab, client, 2);
      lab.cloud.edit({ description: 'in the second run' });
      await lab.signal();
      await lab.attached();
      await release(lab);
    },
    shows: ['createEni', 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'set description of eni-1', 'deleteEni'],
    runs: 2,
  },
};
