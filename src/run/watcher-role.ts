import { Client, Connection } from '@temporalio/client';
import type { Attachment } from '../domain/attachment.js';
import { parseAttachment } from '../k8s/attachment.js';
import { createAttachmentClient } from '../k8s/attachments.js';
import { createRecorder } from '../k8s/events.js';
import { createInformers, type Informers } from '../k8s/informers.js';
import { createNodeEniClient } from '../k8s/node-enis.js';
import { createPairWorkflows } from '../watcher/pair-workflows.js';
import type { KubernetesWrites } from '../watcher/ports.js';
import { Watcher } from '../watcher/watcher.js';
import { ensureSearchAttributes } from '../worker/search-attributes.js';
import { persistently } from './persistently.js';
import type { RoleContext, RunningRole } from './run.js';

/** Watches Nodes and NodeENIs, and keeps the Attachments and their workflows as they should be. */
export async function startWatcher(context: RoleContext): Promise<RunningRole> {
  const { config, temporal, kubernetes, clusterName, log, signal, check } = context;
  const namespace = temporal.namespace ?? 'default';
  const connection = await persistently('Temporal', () => Connection.connect(temporal.connectionOptions), {
    log,
    signal,
  });
  const searchable = await ensureSearchAttributes(connection, namespace).catch((error: unknown) => {
    log.warn({ error: String(error) }, 'search attributes cannot be had; going on without them');
    return false;
  });
  const client = new Client({ connection, namespace, identity: config.identity });
  const informers = createInformers(kubernetes, { onChange: () => watcher.trigger(), log });
  const watcher = new Watcher({
    clusterName,
    caches: informers,
    writes: writesOf(context, informers),
    workflows: createPairWorkflows(client, clusterName, searchable),
    recorder: createRecorder(kubernetes, log),
    log,
    resyncMs: config.resyncMs,
  });
  const all = Object.entries(informers) as [string, Informers[keyof Informers]][];
  for (const [name, informer] of all) {
    check(`informer ${name}`, () => (informer.synced ? null : 'the first list is not complete'));
    informer.start();
  }
  watcher.start();
  return {
    failed: new Promise<never>(() => undefined),
    stop: async () => {
      await watcher.stop();
      await Promise.all(all.map(([, informer]) => informer.stop()));
      await connection.close();
    },
  };
}

/** Every answer goes into the cache at once, so that the next pass does not decide on an older picture. */
function writesOf({ kubernetes }: RoleContext, informers: Informers): KubernetesWrites {
  const attachments = createAttachmentClient(kubernetes);
  const nodeEnis = createNodeEniClient(kubernetes);
  const intoAttachments = (raw: unknown): Attachment | null => {
    // A deletion that took effect at once is answered by a Status.
    if ((raw as { kind?: string } | null)?.kind !== 'NodeENIAttachment') return null;
    informers.attachments.upsert(raw);
    return parseAttachment(raw);
  };
  return {
    createAttachment: async (spec) => intoAttachments(await attachments.create(spec)),
    updateAttachment: async (attachment, spec) => void intoAttachments(await attachments.updateSpec(attachment, spec)),
    removeAttachment: async (attachment) => void intoAttachments(await attachments.remove(attachment)),
    countAttachments: async (uid) => attachments.countOwnedBy(uid),
    addFinalizer: async (nodeEni) => {
      const raw = await nodeEnis.addFinalizer(nodeEni);
      if (raw !== null) informers.nodeEnis.upsert(raw);
    },
    removeFinalizer: async (nodeEni) => void (await nodeEnis.removeFinalizer(nodeEni)),
    writeNodeEniStatus: async (nodeEni, status) => nodeEnis.writeStatus(nodeEni, status),
  };
}
