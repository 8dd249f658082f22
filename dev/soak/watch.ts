import { setTimeout as sleep } from 'node:timers/promises';

import { TAG_KEYS } from '../../src/domain/tags.js';
import type { Ec2Call } from '../stack/ec2-types.js';
import { CLUSTER_NAME, type Cluster } from './cluster.js';
import { touched } from './foreign.js';
import { Ledger, type Violation } from './ledger.js';

/** How often the rules are checked. */
const LOOK_MS = 1_000;

/** Calls that change an ENI by its id. */
const CHANGES = ['AttachNetworkInterface', 'DeleteNetworkInterface', 'ModifyNetworkInterfaceAttribute', 'CreateTags'];

/** Checks the rules of {@link Ledger} and some more every second, beside the run, from what EC2 has on record. */
export class Watch {
  readonly violations: Violation[] = [];
  /** How often it has looked. */
  looks = 0;
  readonly #cluster: Cluster;
  readonly #ledger: Ledger;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #journal = 0;
  #log = 0;

  private constructor(cluster: Cluster, from: { readonly journal: number; readonly log: number }) {
    this.#cluster = cluster;
    this.#log = from.log;
    const isTerminated = (instanceId: string): boolean => cluster.terminated.has(instanceId);
    this.#ledger = new Ledger({ clusterName: CLUSTER_NAME, from: from.journal, isTerminated });
  }

  /** Begins now. The journal is read from its beginning, for what is there; the rules hold from the ENIs of others on. */
  static async begin(cluster: Cluster): Promise<Watch> {
    const { control } = cluster.world.stack.ec2;
    const { events } = await control.journal();
    const last = events.filter(({ eniId }) => cluster.foreign.some(({ id }) => id === eniId)).at(-1);
    const { lastSeq: log } = await control.counts();
    const watch = new Watch(cluster, { journal: last?.seq ?? 0, log });
    watch.#loop = watch.#run();
    return watch;
  }

  /** Looks one last time. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await this.#look();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#look();
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const calls = await this.#newCalls();
    await this.#readJournal(); // afterwards: it has every ENI that a call can be about
    this.#checkCalls(calls);
    await this.#compareWithAttachments();
    this.looks += 1;
  }

  async #readJournal(): Promise<void> {
    const { control } = this.#cluster.world.stack.ec2;
    const { events, lastSeq } = await control.journal({ since: this.#journal });
    this.#journal = lastSeq;
    for (const event of events) this.#found(...this.#ledger.take(event));
    for (const what of touched(this.#cluster.foreign, await control.enis())) this.#wrong(what);
  }

  async #newCalls(): Promise<readonly Ec2Call[]> {
    const calls = await this.#cluster.world.stack.ec2.control.log({ since: this.#log });
    this.#log = calls.at(-1)?.seq ?? this.#log;
    return calls;
  }

  /** What was only tried counts too: EC2 may have refused it for another reason. */
  #checkCalls(calls: readonly Ec2Call[]): void {
    for (const { action, params } of calls) {
      const id = params['NetworkInterfaceId'] ?? params['ResourceId.1'];
      if (CHANGES.includes(action) && typeof id === 'string' && !this.#ledger.ours.has(id))
        this.#wrong(`${action} of ${id}`);
      if (isForced({ action, params })) this.#wrong(`a forced detach: ${JSON.stringify(params)}`);
    }
  }

  /** An Attachment outlives its ENI. Kubernetes is asked before and after EC2, so that whatever was made or released meanwhile is known. */
  async #compareWithAttachments(): Promise<void> {
    const before = await this.#attachmentUids();
    const enis = await this.#cluster.world.stack.ec2.control.enis();
    const after = await this.#attachmentUids();
    if (before === null || after === null) return;
    for (const { id, tags } of enis) {
      const uid = tags[TAG_KEYS.attachmentUid];
      if (tags[TAG_KEYS.cluster] !== CLUSTER_NAME || uid === undefined || before.has(uid) || after.has(uid)) continue;
      this.#wrong(`${id} exists, its Attachment ${uid} (${tags['Name'] ?? ''}) does not`);
    }
  }

  /** Null while Kubernetes is down. */
  async #attachmentUids(): Promise<ReadonlySet<string> | null> {
    try {
      const attachments = await this.#cluster.world.objects.attachments();
      return new Set(attachments.map(({ metadata }) => metadata.uid));
    } catch {
      return null;
    }
  }

  #wrong(what: string): void {
    this.#found({ kind: 'wrong', what, seq: this.#journal, t: Date.now() / 1000 });
  }

  /** Each once: some are seen again with every look. */
  #found(...violations: readonly Violation[]): void {
    const known = new Set(this.violations.map(({ what }) => what));
    this.violations.push(...violations.filter(({ what }) => !known.has(what)));
  }
}

function isForced({ action, params }: Pick<Ec2Call, 'action' | 'params'>): boolean {
  return action === 'DetachNetworkInterface' && params['Force'] !== undefined && params['Force'] !== 'false';
}
