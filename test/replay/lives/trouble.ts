import { CloudFailure } from '../../support/builders-cloud.js';
import { instance } from '../../support/builders.js';
import { begin, firstThen, type Lives, refusal, release, timed } from '../life.js';

const LOST = new CloudFailure('transient', 'Ec2Unavailable', false);

/** What keeps a pair from its ENI, and how it goes on. */
export const TROUBLE: Lives = {
  'blocked-then-woken': {
    live: async (lab) => {
      lab.cloud.instance = null;
      await lab.life();
      await lab.status('it is blocked', ({ reason }) => reason === 'InstanceNotFound');
      lab.cloud.instance = instance();
      await lab.signal();
      await lab.attached();
    },
    shows: ['InstanceNotFound: try again', 'TIMER_CANCELED'],
  },
  'blocked-then-tried-again': {
    live: async (lab) => {
      lab.cloud.fail('createEni', 'before', new CloudFailure('refused', 'QuotaReached', true));
      await begin(lab);
    },
    shows: ['ACTIVITY_TASK_FAILED', 'QuotaReached: try again', 'TIMER_FIRED'],
  },
  'create-answer-lost': {
    live: async (lab) => {
      lab.cloud.fail('createEni', 'after', LOST);
      lab.cloud.fail('attachEni', 'before', new CloudFailure('refused', 'AttachmentLimitReached', true));
      await begin(lab);
    },
    shows: ['attempt 2', 'AttachmentLimitReached: try again'],
  },
  'create-outcome-unknown': {
    changed: (real) => ({
      createEni: firstThen(
        async (target, intent) => {
          await real.createEni(target, intent);
          throw refusal({ reason: 'Ec2Unavailable', definite: false });
        },
        async (target, intent) => real.createEni(target, intent),
      ),
    }),
    live: begin,
    shows: ['ACTIVITY_TASK_FAILED', 'Ec2Unavailable: try again'],
  },
  'attach-answer-lost': {
    live: async (lab) => {
      lab.cloud.fail('attachEni', 'after', LOST);
      await begin(lab);
    },
    shows: ['attachEni', 'attempt 2'],
  },
  'attach-timed-out': {
    changed: (real) => ({
      verifyEni: firstThen(
        async () => {
          throw refusal({ reason: 'AttachTimeout', definite: false });
        },
        async (ref) => real.verifyEni(ref),
      ),
    }),
    live: begin,
    shows: ['detachEni', 'deleteEni', 'AttachTimeout: try again', 'attach eni-3 to i-0a1 as device 1'],
  },
  'observation-outdated': {
    changed: (real) => ({
      attachEni: firstThen(
        async () => {
          throw refusal({ reason: 'NotVisibleYet', definite: true }, 'stale');
        },
        async (ref) => real.attachEni(ref),
      ),
    }),
    live: begin,
    shows: ['ACTIVITY_TASK_FAILED', 'attachEni'],
  },
  'observation-failed': {
    changed: (real) => ({
      observePair: firstThen(
        async () => {
          throw refusal({ reason: 'KubernetesUnavailable', definite: true });
        },
        async (target, known) => real.observePair(target, known),
      ),
    }),
    live: async (lab) => {
      await lab.life();
      await timed(lab);
      await lab.signal();
      await lab.attached();
    },
    shows: ['look again: KubernetesUnavailable', 'TIMER_CANCELED'],
  },
  'reads-refused': {
    changed: (real) => ({
      observePair: firstThen(
        async (target, known) => {
          const refused = { reason: 'PermissionDenied', message: 'no ec2:DescribeNetworkInterfaces' } as const;
          return {
            ...(await real.observePair(target, known)),
            instance: undefined,
            network: undefined,
            refusal: refused,
          };
        },
        async (target, known) => real.observePair(target, known),
      ),
    }),
    live: begin,
    shows: ['PermissionDenied: try again', 'TIMER_FIRED'],
  },
  'report-slow': {
    changed: (real) => ({
      reportStatus: firstThen(
        async () => {
          throw refusal({ reason: 'KubernetesUnavailable', definite: true });
        },
        async (target, status) => real.reportStatus(target, status),
      ),
    }),
    live: begin,
    shows: ['reportStatus'],
  },
  'tags-lost': {
    live: async (lab) => {
      await begin(lab);
      lab.cloud.byHand('eni-1', { tags: {} });
      await lab.signal();
      await lab.status('it is blocked', ({ reason }) => reason === 'NotOurs');
    },
    shows: ['NotOurs: try again'],
  },
  'instance-terminated': {
    live: async (lab) => {
      await begin(lab);
      lab.cloud.enis.clear();
      lab.cloud.instance = instance({ state: 'terminated' });
      await lab.signal();
      await lab.status('it is blocked', ({ reason }) => reason === 'InstanceTerminated');
      await release(lab);
    },
    shows: ['InstanceTerminated: try again', 'releaseAttachment', 'WORKFLOW_EXECUTION_COMPLETED'],
  },
};
