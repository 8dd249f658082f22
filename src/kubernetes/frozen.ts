import type { CoreV1Api, CustomObjectsApi } from '@kubernetes/client-node';

import { isNotFound } from './errors.js';
import { isPaused, parseMetadata } from './metadata.js';
import { CustomObjects } from './objects.js';

/** Tells whether somebody has frozen a NodeENI or a Node by the annotation `networking.k8s.aws/paused`, read live. */
export class Freezes {
  readonly #core: CoreV1Api;
  readonly #nodeEnis: CustomObjects;

  constructor({ core, custom }: { readonly core: CoreV1Api; readonly custom: CustomObjectsApi }) {
    this.#core = core;
    this.#nodeEnis = new CustomObjects(custom, 'nodeenis');
  }

  /** True when one of them is; false for those that do not exist, and for empty names. */
  async isFrozen(nodeEniName: string, nodeName: string): Promise<boolean> {
    const nodeEni = nodeEniName === '' ? null : await this.#nodeEnis.get(nodeEniName);
    if (nodeEni !== null && isPaused(parseMetadata(nodeEni).annotations)) return true;
    const node = nodeName === '' ? null : await this.#node(nodeName);
    return node !== null && isPaused(parseMetadata(node).annotations);
  }

  async #node(name: string): Promise<unknown> {
    try {
      return await this.#core.readNode({ name });
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }
}
