import assert from 'node:assert/strict';
import { Client, Connection, type WorkflowExecutionInfo } from '@temporalio/client';
import type { Ec2Eni } from '../stack/ec2-types.js';
import type { AuditReport } from '../../src/contract/audit.js';
import { pairWorkflowIdPrefix } from '../../src/domain/names.js';
import { eventually } from '../stack/eventually.js';
import type { Stack } from '../stack/stack.js';
import type { AttachmentObject, Objects } from './objects.js';

/** Longest that a change may take to be carried out on a busy machine; the usual is below a second. */
const DEADLINE_MS = 30_000;

/** How often to look: often enough to be quick, rarely enough not to load two cores. */
const INTERVAL_MS = 100;

/** What tests say about pairs: in Kubernetes, in EC2 and in Temporal. */
export class Pairs {
  constructor(
    private readonly stack: Stack,
    private readonly objects: Objects,
  ) {}

  /** Waits until exactly these nodes have an attached ENI of the NodeENI, and its status says so. */
  async untilAttached(nodeEni: string, nodes: readonly string[], timeoutMs = DEADLINE_MS): Promise<AttachmentObject[]> {
    const wanted = nodes.toSorted().join();
    await eventually(
      `NodeENI ${nodeEni} is attached to ${wanted}`,
      async () => {
        const [found, object] = await Promise.all([this.objects.attachments(nodeEni), this.objects.nodeEni(nodeEni)]);
        const phases = found.map(
          ({ spec, status }) => `${spec.nodeName}: ${status?.phase ?? 'none'} ${status?.reason ?? ''}`,
        );
        const attached = found.filter(({ status }) => status?.phase === 'Attached').map(({ spec }) => spec.nodeName);
        assert.equal(attached.toSorted().join(), wanted, phases.join('; '));
        assert.equal(found.length, nodes.length, phases.join('; '));
        assert.equal(object?.status?.attached, nodes.length, 'status.attached');
        assert.equal(object.status.attachments.length, nodes.length, 'status.attachments');
        return true;
      },
      { timeoutMs, intervalMs: INTERVAL_MS },
    );
    return this.objects.attachments(nodeEni);
  }

  /** Waits until the NodeENI object itself is gone. */
  async untilGone(nodeEni: string, timeoutMs = DEADLINE_MS): Promise<void> {
    const gone = async (): Promise<boolean> => (await this.objects.nodeEni(nodeEni)) === null;
    await eventually(`NodeENI ${nodeEni} is gone`, gone, { timeoutMs, intervalMs: INTERVAL_MS });
  }

  /** Our ENIs in EC2 now, of one NodeENI. */
  async enis(nodeEni: string): Promise<Ec2Eni[]> {
    const enis = await this.stack.ec2.control.enis();
    return enis.filter(({ tags }) => tags['networking.k8s.aws/nodeeni'] === nodeEni);
  }

  /** Ids of all ENIs that were ever made for a pair. */
  async everMade(nodeEni: string, node: string): Promise<string[]> {
    const { events } = await this.stack.ec2.control.journal({
      event: 'created',
      tag: `networking.k8s.aws/nodeeni=${nodeEni}`,
    });
    return events.filter(({ tags }) => tags?.['networking.k8s.aws/node'] === node).map(({ eniId }) => eniId);
  }

  /** The pair workflows of a NodeENI in Temporal, by status. */
  async workflows(nodeEni: string, status: 'Running' | 'Completed' | 'Canceled'): Promise<WorkflowExecutionInfo[]> {
    return this.temporal(async (client) => {
      const prefix = pairWorkflowIdPrefix(this.stack.env()['MULTI_ENI_CLUSTER_NAME'] ?? '');
      const query = `WorkflowType = 'eniAttachment' AND ExecutionStatus = '${status}' AND WorkflowId STARTS_WITH '${prefix}${nodeEni}:'`;
      return Array.fromAsync(client.workflow.list({ query }));
    });
  }

  /** Waits until Temporal's visibility, which lags behind, shows exactly this many, and gives them. */
  async untilWorkflows(
    nodeEni: string,
    status: 'Running' | 'Completed',
    count: number,
  ): Promise<WorkflowExecutionInfo[]> {
    return eventually(`${count} workflows of ${nodeEni} are ${status}`, async () => {
      const found = await this.workflows(nodeEni, status);
      assert.equal(found.length, count);
      return found;
    });
  }

  /** The activity types in a workflow's history, local ones among them, in order. */
  async activities(workflowId: string, runId?: string): Promise<string[]> {
    return this.temporal(async (client) => {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      return (events ?? []).flatMap(
        ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
      );
    });
  }

  /** Events in the histories of all running pair workflows of a NodeENI. */
  async historyEvents(nodeEni: string): Promise<number> {
    return this.temporal(async (client) => {
      const running = await this.workflows(nodeEni, 'Running');
      const described = await Promise.all(
        running.map(({ workflowId }) => client.workflow.getHandle(workflowId).describe()),
      );
      return described.reduce((sum, { historyLength }) => sum + historyLength, 0);
    });
  }

  /** The reports of all audits that have completed. */
  async audits(): Promise<AuditReport[]> {
    return this.temporal(async (client) => {
      const query = `WorkflowType = 'eniAudit' AND ExecutionStatus = 'Completed'`;
      const completed = await Array.fromAsync(client.workflow.list({ query }));
      return Promise.all(
        completed.map(
          ({ workflowId, runId }) => client.workflow.getHandle(workflowId, runId).result() as Promise<AuditReport>,
        ),
      );
    });
  }

  /** Calls Temporal over a connection of its own: the server may have been restarted in between. */
  async temporal<T>(call: (client: Client) => Promise<T>): Promise<T> {
    const { address, namespace } = this.stack.temporal;
    const connection = await Connection.connect({ address });
    try {
      return await call(new Client({ connection, namespace }));
    } finally {
      await connection.close();
    }
  }
}
