import type { Attachment } from '../domain/attachment.js';
import { GROUP, VERSION } from '../domain/names.js';
import type { ClusterNode } from '../domain/node.js';
import type { NodeEni } from '../domain/node-eni.js';
import { parseAttachment } from './attachment.js';
import type { Kubernetes } from './client.js';
import { Informer, type InformerOptions, type Page } from './informer.js';
import { parseNodeEni } from './node-eni.js';
import { parseNode } from './node.js';
import type { Plural } from './resources.js';
import type { RawObject } from './store.js';

/** The informers of the three kinds that a decision needs. */
export interface Informers {
  readonly nodes: Informer<ClusterNode>;
  readonly nodeEnis: Informer<NodeEni>;
  readonly attachments: Informer<Attachment>;
}

/** Makes the informers; none is started. */
export function createInformers(
  kubernetes: Kubernetes,
  listener: Pick<InformerOptions<unknown>, 'onChange' | 'log'>,
): Informers {
  const { config } = kubernetes;
  return {
    nodes: new Informer({
      config,
      ...listener,
      path: '/api/v1/nodes',
      parse: parseNode,
      list: async (limit, token) =>
        toPage(await kubernetes.core.listNode({ limit, ...(token === undefined ? {} : { _continue: token }) })),
    }),
    nodeEnis: custom(kubernetes, 'nodeenis', parseNodeEni, listener),
    attachments: custom(kubernetes, 'nodeeniattachments', parseAttachment, listener),
  };
}

function custom<T>(
  kubernetes: Kubernetes,
  plural: Plural,
  parse: (raw: unknown) => T,
  listener: Pick<InformerOptions<unknown>, 'onChange' | 'log'>,
): Informer<T> {
  const kind = { group: GROUP, version: VERSION, plural };
  return new Informer({
    config: kubernetes.config,
    ...listener,
    parse,
    path: `/apis/${GROUP}/${VERSION}/${plural}`,
    list: async (limit, token) =>
      toPage(
        await kubernetes.custom.listClusterCustomObject({
          ...kind,
          limit,
          ...(token === undefined ? {} : { _continue: token }),
        }),
      ),
  });
}

function toPage(list: unknown): Page {
  const { items, metadata } = list as {
    items: RawObject[];
    metadata?: { resourceVersion?: string; _continue?: string; continue?: string };
  };
  return {
    items,
    resourceVersion: metadata?.resourceVersion ?? '',
    continueToken: metadata?._continue ?? metadata?.continue,
  };
}
