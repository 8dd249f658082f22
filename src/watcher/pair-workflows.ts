import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Target } from '../contract/activities.js';
import { PAIR_WORKFLOW, reconcileSignal, type PairInput } from '../contract/messages.js';
import { SEARCHABLE_MEMO, SEARCH_ATTRIBUTES } from '../contract/search-attributes.js';
import { pairWorkflowId, pairWorkflowIdPrefix, taskQueue } from '../domain/names.js';
import type { PairWorkflows } from './ports.js';

/** The type of the workflow function, without its code. */
type PairWorkflow = (input: PairInput) => Promise<void>;

/**
 * The pair workflows of a cluster in Temporal.
 *
 * @param searchable - whether the namespace has the search attributes; without them starts carry none
 */
export function createPairWorkflows(client: Client, clusterName: string, searchable: boolean): PairWorkflows {
  return {
    wake: async (target, instanceId, known) => {
      const options = startOptions(target, instanceId, searchable);
      if (known || !(await start(client, options))) await signalOrStart(client, target, options);
    },
    lookAgain: (workflowId) => lookAgain(client, workflowId),
    running: () => running(client, clusterName),
  };
}

/** After a run that failed Temporal begins the next; its longest pause is short, since no signal ends it. */
const RETRY = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;

type StartOptions = ReturnType<typeof startOptions>;

/** A start first: a new pair costs one call, and no signal in its history. False: it runs already. */
async function start(client: Client, options: StartOptions): Promise<boolean> {
  try {
    await client.workflow.start<PairWorkflow>(PAIR_WORKFLOW, options);
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** It may have ended meanwhile: then this starts its next run. */
async function signalOrStart(client: Client, target: Target, options: StartOptions): Promise<void> {
  await client.workflow.signalWithStart<PairWorkflow, [Target]>(PAIR_WORKFLOW, {
    ...options,
    signal: reconcileSignal,
    signalArgs: [target],
  });
}

async function lookAgain(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(reconcileSignal.name);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

function startOptions(
  target: Target,
  instanceId: string,
  searchable: boolean,
): Parameters<Client['workflow']['start']>[1] & { args: [PairInput] } {
  const { clusterName, nodeEniName, nodeName, name } = target;
  return {
    workflowId: pairWorkflowId(clusterName, nodeEniName, nodeName),
    taskQueue: taskQueue(clusterName),
    args: [{ target }],
    retry: RETRY,
    memo: { [SEARCHABLE_MEMO]: searchable, attachment: name, attachmentUid: target.uid },
    staticSummary: `ENI ${nodeEniName} on ${nodeName}`,
    staticDetails: `Looks after NodeENIAttachment \`${name}\` of NodeENI \`${nodeEniName}\` on node \`${nodeName}\`.`,
    ...(searchable ? { typedSearchAttributes: attributes(target, instanceId) } : {}),
  };
}

function attributes({ nodeEniName, nodeName }: Target, instanceId: string): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: SEARCH_ATTRIBUTES.nodeEniName, value: nodeEniName },
    { key: SEARCH_ATTRIBUTES.nodeName, value: nodeName },
    { key: SEARCH_ATTRIBUTES.phase, value: 'Pending' },
    { key: SEARCH_ATTRIBUTES.instanceId, value: instanceId },
  ]);
}

async function running(client: Client, clusterName: string): Promise<ReadonlySet<string>> {
  const prefix = pairWorkflowIdPrefix(clusterName);
  const query = `WorkflowType = '${PAIR_WORKFLOW}' AND ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH '${prefix}'`;
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) ids.add(workflowId);
  return ids;
}
