import assert from 'node:assert/strict';

import { ApplicationFailure } from '@temporalio/activity';
import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

import { translated } from '../../src/activities/map-error.js';
import { toEc2Failure } from '../../src/aws/errors.js';
import type { FailureDetail } from '../../src/contract/failures.js';
import type { AttachmentStatus } from '../../src/domain/attachment.js';
import { factsByNodeEni } from '../../src/domain/node-eni-facts.js';
import { type NodeEniStatus, nodeEniStatus } from '../../src/domain/node-eni-status.js';
import { pairWorkflowId } from '../../src/domain/names.js';
import { desiredPairs } from '../../src/domain/pairing/desired.js';
import { planAttachments } from '../../src/domain/pairing/plan-attachments.js';
import { statusPatch } from '../../src/kubernetes/status-patch.js';
import { stored, view } from '../support/builders-plan.js';
import { node, nodeEni } from '../support/builders.js';

const ERROR_BYTES = 50_000;
const PAIRS = 5_000;

/** What EC2 answers, as the SDK throws it. */
function refusal(): Error {
  const error = new Error(`Value (${'x'.repeat(ERROR_BYTES)}) for parameter groupId is invalid.`);
  return Object.assign(error, { name: 'InvalidParameterValue', $metadata: { httpStatusCode: 400 } });
}

/** What the activity that met the refusal ends with. */
async function failure(): Promise<ApplicationFailure> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const call = translated(() => Promise.reject(toEc2Failure(refusal(), 'CreateNetworkInterface')));
  const thrown: unknown = await environment.run(call).catch((error: unknown) => error);
  assert.ok(thrown instanceof ApplicationFailure);
  return thrown;
}

async function troubled(): Promise<AttachmentStatus> {
  const { reason, message } = (await failure()).details?.[0] as FailureDetail;
  return { phase: 'Blocked', reason, message, observedGeneration: 1 };
}

/** The status of a NodeENI over as many nodes, whose names are as long as they may be. */
function statusOver(pairs: number, status: AttachmentStatus): NodeEniStatus {
  const one = nodeEni({ name: 'e'.repeat(63) });
  const nodes = Array.from({ length: pairs }, (_, index) => node(index, { name: `n${index}`.padEnd(253, 'n') }));
  const attachments = desiredPairs(nodes, [one]).pairs.map(({ spec }) => {
    const workflowId = pairWorkflowId('c'.repeat(100), one.name, spec.nodeName);
    return stored(spec, { status: { ...status, workflowId } });
  });
  const plan = planAttachments(view({ nodes, nodeEnis: [one], attachments }));
  const [facts] = factsByNodeEni([one], attachments, plan);
  return nodeEniStatus(facts!);
}

describe('an error text of 50 kB', () => {
  it('takes little room in a workflow’s history', async () => {
    const proto = defaultFailureConverter.errorToFailure(await failure(), defaultPayloadConverter);

    const { length } = JSON.stringify(proto);
    assert.ok(length < 10_000, `${length} bytes`);
  });

  it('takes little room in the Attachment’s status, in which its beginning stands', async () => {
    const { phase, ...rest } = await troubled();
    const patch = statusPatch({}, { ...rest, phase: phase! }, '2026-01-01T00:00:00Z');

    const text = JSON.stringify(patch);
    assert.ok(text.length < 2_000, `${text.length} bytes`);
    assert.match(text, /"message":"CreateNetworkInterface: Value \(x+…"/);
  });

  it('leaves the status of a NodeENI over 5,000 such pairs far below 1 MiB, with exact counts', async () => {
    const status = statusOver(PAIRS, await troubled());

    const bytes = Buffer.byteLength(JSON.stringify(status));
    assert.ok(bytes < 1024 ** 2, `${bytes} bytes`);
    assert.deepEqual([status.desired, status.blocked, status.attached], [PAIRS, PAIRS, 0]);
    assert.equal(status.attachmentsTruncated, true);
    for (const { message } of status.conditions) assert.ok(message.length <= 512, message);
  });

  it('leaves room for what the user is to do', async () => {
    const [ready] = statusOver(3, await troubled()).conditions;

    assert.match(ready?.message ?? '', /What to do: /);
  });
});
