import { ApiException, CustomObjectsApi, type KubernetesObject } from '@kubernetes/client-node';

import { GROUP, VERSION } from '../../src/domain/names.js';
import type { Stack } from '../stack/stack.js';

/** A NodeENI, as far as these tools read it. */
export interface NodeEni extends KubernetesObject {
  readonly spec: NodeEniSpec;
  readonly status?: {
    readonly desired?: number;
    readonly attached?: number;
    readonly blocked?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  };
}

/** What a NodeENI asks for. */
export interface NodeEniSpec {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly subnetID?: string;
  readonly securityGroupIDs?: readonly string[];
  readonly deviceIndex?: number;
}

/** A NodeENIAttachment, as far as these tools read it. */
export interface Attachment extends KubernetesObject {
  readonly spec: {
    readonly nodeENI: { readonly name: string };
    readonly nodeName: string;
    readonly deviceIndex: number;
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly eniID?: string;
    readonly workflowID?: string;
  };
}

const KIND = { group: GROUP, version: VERSION, plural: 'nodeenis' };

/** The NodeENIs of a cluster. */
export class NodeEnis {
  readonly #api: CustomObjectsApi;

  constructor({ kubernetes }: Pick<Stack, 'kubernetes'>) {
    this.#api = kubernetes.config.makeApiClient(CustomObjectsApi);
  }

  /** Makes one. */
  async create(name: string, spec: NodeEniSpec): Promise<void> {
    const body = { apiVersion: `${GROUP}/${VERSION}`, kind: 'NodeENI', metadata: { name }, spec };
    await this.#api.createClusterCustomObject({ ...KIND, body });
  }

  /** Asks for its deletion; it goes when its ENIs are gone. */
  async delete(name: string): Promise<void> {
    await this.#api.deleteClusterCustomObject({ ...KIND, name });
  }

  /** One of them, or undefined when it does not exist (any more). */
  async get(name: string): Promise<NodeEni | undefined> {
    try {
      return (await this.#api.getClusterCustomObject({ ...KIND, name })) as NodeEni;
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return undefined;
      throw error;
    }
  }
}
