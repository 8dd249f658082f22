import { ApiException, CoreV1Api, CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { Stack } from '../stack/stack.js';

const KIND = { group: 'networking.k8s.aws', version: 'v1alpha1' } as const;
const MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** A NodeENI as the API server has it, as far as tests read it. */
export interface NodeEniObject {
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desired: number;
    readonly attached: number;
    readonly updated: number;
    readonly conditions: readonly { type: string; status: string; reason: string; message: string }[];
    readonly attachments: readonly Readonly<Record<string, unknown>>[];
  };
}

/** A NodeENIAttachment as the API server has it. */
export interface AttachmentObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly generation?: number;
    readonly finalizers?: readonly string[];
  };
  readonly spec: {
    readonly nodeENI: { readonly name: string };
    readonly nodeName: string;
    readonly instanceID: string;
  };
  readonly status?: Readonly<Record<string, unknown>> & {
    readonly phase?: string;
    readonly reason?: string;
    readonly eniID?: string;
  };
}

/** What a user does with kubectl. */
export class Objects {
  private readonly custom: CustomObjectsApi;
  private readonly core: CoreV1Api;

  constructor(stack: Stack) {
    this.custom = stack.kubernetes.config.makeApiClient(CustomObjectsApi);
    this.core = stack.kubernetes.config.makeApiClient(CoreV1Api);
  }

  async createNodeEni(name: string, spec: object): Promise<void> {
    const body = { apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'NodeENI', metadata: { name }, spec };
    await this.custom.createClusterCustomObject({ ...KIND, plural: 'nodeenis', body });
  }

  async patchNodeEni(name: string, body: object): Promise<void> {
    await this.custom.patchClusterCustomObject({ ...KIND, plural: 'nodeenis', name, body }, MERGE_PATCH);
  }

  async deleteNodeEni(name: string): Promise<void> {
    await this.custom.deleteClusterCustomObject({ ...KIND, plural: 'nodeenis', name });
  }

  /** Null when there is none. */
  async nodeEni(name: string): Promise<NodeEniObject | null> {
    try {
      return (await this.custom.getClusterCustomObject({ ...KIND, plural: 'nodeenis', name })) as NodeEniObject;
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return null;
      throw error;
    }
  }

  /** The Attachments, of one NodeENI where it is named. */
  async attachments(nodeEniName?: string): Promise<AttachmentObject[]> {
    const list = (await this.custom.listClusterCustomObject({ ...KIND, plural: 'nodeeniattachments' })) as {
      items: AttachmentObject[];
    };
    return list.items.filter(({ spec }) => nodeEniName === undefined || spec.nodeENI.name === nodeEniName);
  }

  /** Asks for the deletion of an Attachment, as `kubectl delete enia` does. */
  async deleteAttachment(name: string): Promise<void> {
    await this.custom.deleteClusterCustomObject({ ...KIND, plural: 'nodeeniattachments', name });
  }

  /** Empties an Attachment's status, as nobody should. */
  async wipeStatus(name: string): Promise<void> {
    const body = { status: null };
    await this.custom.patchClusterCustomObjectStatus(
      { ...KIND, plural: 'nodeeniattachments', name, body },
      MERGE_PATCH,
    );
  }

  /** Takes an Attachment's finalizers off, as nobody should. */
  async stripAttachment(name: string): Promise<void> {
    const body = { metadata: { finalizers: null } };
    await this.custom.patchClusterCustomObject({ ...KIND, plural: 'nodeeniattachments', name, body }, MERGE_PATCH);
  }

  /** The messages of all Events with this reason. */
  async events(reason: string): Promise<string[]> {
    const { items } = await this.core.listNamespacedEvent({ namespace: 'default', fieldSelector: `reason=${reason}` });
    return items.map(({ message = '' }) => message);
  }

  /** The rows that `kubectl get` prints, by column name: the API server makes the table, kubectl only aligns it. */
  async table(plural: 'nodeenis' | 'nodeeniattachments'): Promise<Record<string, unknown>[]> {
    const asTable = setHeaderOptions('Accept', 'application/json;as=Table;v=v1;g=meta.k8s.io');
    const { columnDefinitions, rows } = (await this.custom.listClusterCustomObject({ ...KIND, plural }, asTable)) as {
      columnDefinitions: { name: string }[];
      rows: { cells: unknown[] }[];
    };
    return rows.map(({ cells }) =>
      Object.fromEntries(columnDefinitions.map(({ name }, index) => [name, cells[index]])),
    );
  }
}
