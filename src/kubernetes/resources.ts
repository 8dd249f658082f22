import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { GROUP, VERSION } from '../domain/names.js';
import type { Kubernetes } from './client.js';

/** The plurals of the two kinds. */
export type Plural = 'nodeenis' | 'nodeeniattachments';

/** Custom resources take merge patches and JSON patches; the strategic kind answers 415. */
const MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** The calls on one of our kinds, on raw objects. Each throws the client's ApiException. */
export class Resource {
  private readonly kind: { group: string; version: string; plural: Plural };

  constructor(
    private readonly kubernetes: Kubernetes,
    plural: Plural,
  ) {
    this.kind = { group: GROUP, version: VERSION, plural };
  }

  /** Reads one object. */
  async get(name: string): Promise<unknown> {
    return this.kubernetes.custom.getClusterCustomObject({ ...this.kind, name });
  }

  /** Creates an object. */
  async create(body: object): Promise<unknown> {
    return this.kubernetes.custom.createClusterCustomObject({ ...this.kind, body });
  }

  /** Asks for an object's deletion, only if it is still the one of this UID. */
  async delete(name: string, uid: string): Promise<unknown> {
    return this.kubernetes.custom.deleteClusterCustomObject({ ...this.kind, name, body: { preconditions: { uid } } });
  }

  /** Merges a change into an object. A `metadata.uid` in it is a precondition. */
  async patch(name: string, body: object): Promise<unknown> {
    return this.kubernetes.custom.patchClusterCustomObject({ ...this.kind, name, body }, MERGE_PATCH);
  }

  /** Merges a change into an object's status. */
  async patchStatus(name: string, body: object): Promise<unknown> {
    return this.kubernetes.custom.patchClusterCustomObjectStatus({ ...this.kind, name, body }, MERGE_PATCH);
  }

  /** Lists objects by a consistent read. */
  async list(selector: { labelSelector?: string; fieldSelector?: string }): Promise<readonly unknown[]> {
    const list = (await this.kubernetes.custom.listClusterCustomObject({ ...this.kind, ...selector })) as {
      items: unknown[];
    };
    return list.items;
  }
}
