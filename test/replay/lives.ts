import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';

import { CloudFailure } from '../support/builders-cloud.js';
import { PairLab } from '../support/builders-temporal.js';
import { instance } from '../support/builders.js';

/** The lives of a pair, and an audit, that are recorded, by the name of their history. */
export const LIVES: Readonly<Record<string, (lab: PairLab) => Promise<void>>> = {
  'attached-and-released': async (lab) => {
    await lab.life();
    await lab.attached();
    await release(lab);
  },
  'changed-in-place': async (lab) => {
    await lab.life();
    await lab.attached();
    lab.cloud.edit({ description: 'another', tags: { team: 'net' } });
    await lab.signal();
    await lab.attached();
    lab.cloud.edit({ paused: true });
    await lab.signal();
    await lab.status('it is paused', ({ reason }) => reason === 'Paused');
  },
  'blocked-then-attached': async (lab) => {
    lab.cloud.instance = null;
    await lab.life();
    await lab.status('it is blocked', ({ reason }) => reason === 'InstanceNotFound');
    lab.cloud.instance = instance();
    await lab.signal();
    await lab.attached();
  },
  'create-answer-lost': async (lab) => {
    lab.cloud.fail('createEni', 'after', new CloudFailure('transient', 'Ec2Unavailable', false));
    lab.cloud.fail('attachEni', 'before', new CloudFailure('refused', 'AttachmentLimitReached', true));
    await lab.life();
    await lab.attached();
  },
  'deleted-while-attaching': async (lab) => {
    lab.cloud.looksToAttach = Infinity;
    await lab.life();
    await lab.status('it is attaching', ({ phase }) => phase === 'Attaching');
    await release(lab);
  },
  'replaced-by-hand': async (lab) => {
    await lab.life();
    await lab.attached();
    const first = lab.cloud.attachment?.status.eniId;
    lab.cloud.enis.clear();
    await lab.signal();
    await lab.status('another ENI', ({ eniId, phase }) => phase === 'Attached' && eniId !== first);
  },
  audit: async (lab) => lab.audit(),
};

/** Lives one of {@link LIVES} on the server. Returns its history as the JSON that `temporal workflow show` prints. */
export async function recorded(
  env: TestWorkflowEnvironment,
  bundle: WorkflowBundleWithSourceMap,
  name: string,
): Promise<string> {
  const lab = await PairLab.start(env, bundle);
  try {
    await LIVES[name]?.(lab);
    return await lab.history();
  } finally {
    await lab.stop();
  }
}

async function release(lab: PairLab): Promise<void> {
  lab.cloud.remove();
  await lab.signal();
  await lab.end();
}
