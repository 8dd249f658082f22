import { Client, Connection } from '@temporalio/client';
import type { Attachment } from '../domain/attachment.js';
import type { ClusterNode } from '../domain/node.js';
import type { NodeEni } from '../domain/node-eni.js';
import { PHASES } from '../domain/phase.js';
import { REASONS } from '../domain/reasons.js';
import { AttachmentClient } from '../kubernetes/attachments.js';
import { EventRecorder } from '../kubernetes/events.js';
import { type Informer, startInformer } from '../kubernetes/informer.js';
import { NodeEniClient } from '../kubernetes/node-enis.js';
import { ATTACHMENTS_PATH, NODE_ENIS_PATH, NODES_PATH } from '../kubernetes/paths.js';
import { parseAttachment, parseNode, parseNodeEni } from '../kubernetes/schema.js';
import { AttachedTimes } from '../observability/attached-times.js';
import { informerCheck } from '../observability/informer-check.js';
import { type WatcherMetrics, watcherMetrics } from '../observability/watcher-metrics.js';
import { createPairWorkflows } from '../watcher/pair-workflows.js';
import type { Cache, KubernetesWrites } from '../watcher/ports.js';
import { Watcher } from '../watcher/watcher.js';
import { ensureSearchAttributes } from '../worker/search-attributes.js';
import { type Election, watcherElection } from './election.js';
import { keepAuditSchedule } from './audit-schedule-keeper.js';
import { persistently } from './persistently.js';
import type { RoleContext, RunningRole } from './role.js';
import { temporalPulse } from './temporal-pulse.js';

/** The informers of the three kinds that a decision needs. */
interface Informers {
  readonly nodes: Informer<ClusterNode>;
  readonly nodeEnis: Informer<NodeEni>;
  readonly attachments: Informer<Attachment>;
}

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
  const attachedTimes = new AttachedTimes((seconds) => {
    if (election.leads) metrics.onAttached(seconds); // else each replica would count it
  });
  const informers = startInformers(context, attachedTimes, () => watcher.trigger());
  const election = watcherElection(context, () => watcher.takeOver());
  const metrics = metricsOf(context, informers, election);
  const watcher = new Watcher({
    clusterName,
    caches: {
      nodes: cacheOf(informers.nodes),
      nodeEnis: cacheOf(informers.nodeEnis),
      attachments: cacheOf(informers.attachments),
    },
    writes: writesOf(context, informers),
    workflows: createPairWorkflows(client, clusterName, searchable),
    recorder: new EventRecorder({ core: kubernetes.core, log }),
    log,
    resyncMs: config.resyncMs,
    leads: () => election.leads,
    onPass: (result, ms) => metrics.onPass(result, ms),
  });
  for (const [name, informer] of Object.entries(informers) as [string, Informers[keyof Informers]][]) {
    check(`informer ${name}`, informerCheck(informer));
  }
  const pulse = temporalPulse(connection);
  check('Temporal, for the watcher', pulse.check);
  election.start();
  watcher.start();
  const endAuditSchedule = keepAuditSchedule(context, client);
  return {
    failed: new Promise<never>(() => undefined),
    stop: async () => {
      pulse.stop();
      endAuditSchedule();
      await watcher.stop();
      await election.stop();
      await Promise.all([informers.nodes.stop(), informers.nodeEnis.stop(), informers.attachments.stop()]);
      await connection.close();
    },
  };
}

function startInformers({ kubernetes, log }: RoleContext, times: AttachedTimes, trigger: () => void): Informers {
  const { kubeConfig } = kubernetes;
  const all = { kubeConfig, onChange: trigger, onDelete: trigger, onSync: trigger, log };
  const attachments: Informer<Attachment> = startInformer({
    ...all,
    path: ATTACHMENTS_PATH,
    parse: parseAttachment,
    onChange: (name) => {
      const attachment = attachments.get(name);
      if (attachment !== undefined) times.changed(name, attachment);
      trigger();
    },
    onDelete: (name) => {
      times.deleted(name);
      trigger();
    },
    onSync: () => {
      times.begin();
      trigger();
    },
  });
  return {
    nodes: startInformer({ ...all, path: NODES_PATH, parse: parseNode }),
    nodeEnis: startInformer({ ...all, path: NODE_ENIS_PATH, parse: parseNodeEni }),
    attachments,
  };
}

function metricsOf(
  { metrics }: RoleContext,
  { nodes, nodeEnis, attachments }: Informers,
  election: Election,
): WatcherMetrics {
  return watcherMetrics(metrics.registry, {
    pairs: () => (attachments.synced ? attachments.values() : null),
    nodeEnis: () => (nodeEnis.synced ? nodeEnis.values().length : null),
    leads: () => election.leads,
    informers: { Node: nodes, NodeENI: nodeEnis, NodeENIAttachment: attachments },
    phases: PHASES,
    reasons: Object.keys(REASONS),
  });
}

function cacheOf<T>(informer: Informer<T>): Cache<T> {
  return {
    get synced() {
      return informer.synced;
    },
    get unreadable() {
      return informer.store.unreadable;
    },
    values: () => informer.store.values(),
  };
}

/** Every answer goes into the cache at once, so that the next pass does not decide on an older picture. */
function writesOf({ kubernetes: { custom }, metrics }: RoleContext, informers: Informers): KubernetesWrites {
  const attachments = new AttachmentClient({ custom, onWritten: (raw) => informers.attachments.store.upsert(raw) });
  const nodeEnis = new NodeEniClient({
    custom,
    onWritten: (raw, part) => {
      if (part === 'status') metrics.onStatusWrite('NodeENI');
      informers.nodeEnis.store.upsert(raw);
    },
  });
  return {
    createAttachment: async (spec) => {
      const created = await attachments.create(spec);
      return created === 'exists' ? null : created;
    },
    updateAttachment: async (attachment, spec) => attachments.updateSpec(attachment, spec),
    removeAttachment: async (attachment) => attachments.delete(attachment),
    countAttachments: async (uid) => (await attachments.listByNodeEniUid(uid)).length,
    addFinalizer: async (nodeEni) => nodeEnis.addFinalizer(nodeEni),
    removeFinalizer: async (nodeEni) => nodeEnis.removeFinalizer(nodeEni),
    writeNodeEniStatus: async (nodeEni, status) => nodeEnis.writeStatus(nodeEni, { ...status }),
  };
}
