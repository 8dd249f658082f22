import assert from 'node:assert/strict';

import { DetachNetworkInterfaceCommand } from '@aws-sdk/client-ec2';

import { eventually } from '../stack/eventually.js';
import type { Lab } from './lab.js';
import { type Living, settle, settled } from './settle.js';
import { spaced } from './subjects.js';
import type { Subject } from './subject.js';

/** Longest that Temporal's list of audits may lag behind one that is over in a second. */
const AUDIT_MS = 30_000;

/** Brings pairs, which nobody disturbs, to where their phase can begin: they are made, and what is to be lost is lost. */
export async function prepare(lab: Lab, living: readonly Living[]): Promise<void> {
  const later = living.filter(({ phase }) => phase !== 'make');
  if (later.length === 0) return;
  for (const { subject } of later) subject.tape.begin('make');
  await Promise.all(later.map(({ subject }) => subject.trigger('make')));
  const unmade = await settle(
    lab,
    later.map(({ subject }) => ({ subject, phase: 'make' as const })),
  );
  assert.deepEqual([...unmade.values()], [], 'pairs are made before they are struck');
  await lose(lab, later);
  await spaced();
}

/**
 * While the controller is down, the Attachment and the workflow of each pair that is to be adopted or swept are lost: of
 * the latter also the NodeENI, and its ENI hangs on nothing. An audit has seen the leaked ones when this is done.
 */
export async function lose(lab: Lab, living: readonly Living[]): Promise<void> {
  const adopted = living.filter(({ phase }) => phase === 'adopt');
  const swept = living.filter(({ phase }) => phase === 'sweep');
  if (adopted.length + swept.length === 0) return;
  await lab.stopController();
  await Promise.all([
    ...adopted.map(async ({ subject }) => Promise.all([subject.freeze(), loseAttachment(lab, subject)])),
    ...swept.map(async ({ subject }) => loseAll(lab, subject)),
  ]);
  await lab.startController();
  const unnoticed = await settled(lab, adopted, ({ subject }, picture) =>
    subject.present(picture).nodeEni?.status?.attached === 0 ? null : 'the NodeENI still counts it',
  );
  assert.deepEqual([...unnoticed.values()], [], 'the loss is noticed');
  if (swept.length > 0) await sight(lab, swept);
}

async function loseAttachment(lab: Lab, { name, workflowId, lostRuns }: Subject): Promise<void> {
  lostRuns.add(
    await lab.pairs.temporal(async (client) => {
      const handle = client.workflow.getHandle(workflowId);
      const { runId } = await handle.describe();
      await handle.terminate('lost');
      return runId;
    }),
  );
  for (const { metadata } of await lab.objects.attachments(name)) {
    await lab.objects.stripAttachment(metadata.name);
    await lab.objects.deleteAttachment(metadata.name);
  }
}

async function loseAll(lab: Lab, subject: Subject): Promise<void> {
  await loseAttachment(lab, subject);
  await lab.objects.patchNodeEni(subject.name, { metadata: { finalizers: null } });
  await lab.objects.deleteNodeEni(subject.name);
  for (const { attachment } of await lab.pairs.enis(subject.name)) {
    await lab.stack.ec2.client.send(new DetachNetworkInterfaceCommand({ AttachmentId: attachment?.id }));
  }
}

/** The first audit only notes what is leaked. */
async function sight(lab: Lab, swept: readonly Living[]): Promise<void> {
  const enis = await Promise.all(swept.map(async ({ subject }) => lab.pairs.enis(subject.name)));
  const ids = enis.flat().map(({ id }) => id);
  await lab.audit();
  const seen = async (): Promise<boolean> => {
    const reports = await lab.pairs.audits();
    return reports.some(({ sightings }) => ids.every((id) => id in sightings));
  };
  await eventually(`an audit has seen ${ids.join()}`, seen, { timeoutMs: AUDIT_MS, intervalMs: 200 });
}
