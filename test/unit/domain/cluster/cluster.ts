import assert from 'node:assert/strict';

import { targetOf } from '../../../../src/contract/activities.js';
import { leaked, sight, type Sightings } from '../../../../src/domain/audit/sightings.js';
import { survey } from '../../../../src/domain/audit/survey.js';
import { unownedEnis } from '../../../../src/domain/audit/unowned.js';
import { factsByNodeEni } from '../../../../src/domain/node-eni-facts.js';
import { nodeEniStatus } from '../../../../src/domain/node-eni-status.js';
import type { EniFacts } from '../../../../src/domain/observation.js';
import { planAttachments } from '../../../../src/domain/pairing/plan-attachments.js';
import { TAG_KEYS } from '../../../../src/domain/tags.js';
import { applyPlan } from '../../../../src/watcher/apply-plan.js';
import { FlapGuard } from '../../../../src/watcher/flap-guard.js';
import { Waker } from '../../../../src/watcher/waker.js';
import { MemoryEc2 } from '../../../support/builders-ec2.js';
import { CLUSTER, NOW } from '../../../support/builders.js';
import { silent } from '../../watcher/fakes.js';
import type { PairDriver } from '../pair-driver.js';
import { MemoryKubernetes } from './kubernetes.js';
import { MemoryWorkflows } from './workflows.js';

/** How long a leaked ENI must have been seen before the audit deletes it. */
const ORPHAN_AGE_MS = 15 * 60_000;

/** Passes of the watcher without a pause. */
const MOST_PASSES = 50;

/** Turns of one pair without a pause: far more than a life takes. */
const MOST_TURNS = 100;

/** All in one zone: no choice of a NodeENI is wrong. */
const NETWORK = {
  subnets: ['subnet-a', 'subnet-b'].map((subnetId) => {
    return { subnetId, zone: 'us-east-1a', vpcId: 'vpc-1', freeAddresses: 9, foundByName: null };
  }),
  groups: ['sg-1', 'sg-2'].map((groupId) => ({ groupId, vpcId: 'vpc-1', foundByName: null })),
};

/** The whole controller in miniature over a Kubernetes, a Temporal and an EC2 in memory: one watcher, many pairs. */
export class Cluster {
  readonly clock = { now: NOW };
  readonly ec2 = new MemoryEc2(CLUSTER);
  readonly kubernetes = new MemoryKubernetes(this.clock);
  readonly workflows: MemoryWorkflows;
  /** The pair whose turn it is; null while the audit acts. */
  acting: PairDriver | null = null;
  /** ENIs without an Attachment that the last audit found on an instance: it only reports them. */
  reported: readonly EniFacts[] = [];
  /** True once a workflow was lost, with all that it knew. */
  lostHistory = false;
  /** Called after every turn of a pair and every pass of the watcher. */
  onTurn: () => void = () => undefined;
  /** Called when nobody has anything to do. */
  onRest: () => void = () => undefined;
  private flapGuard!: FlapGuard;
  private waker!: Waker;
  private adopted = false;
  private sightings: Sightings = {};

  constructor() {
    const { ec2, clock } = this;
    const deps = {
      clusterName: CLUSTER,
      ec2: { ...ec2.reads, ...ec2.writes },
      attachments: this.kubernetes.store,
      blockedRetryMaxMs: 120_000,
    };
    this.workflows = new MemoryWorkflows({ enis: ec2.enis, ownedBy: (uid) => ec2.ownedBy(uid), deps }, clock);
    ec2.instances.clear();
    ec2.network = NETWORK;
    this.restartWatcher();
  }

  /** Does something, and tells every call that it made to change something in Kubernetes, Temporal or EC2. */
  async callsOf(work: () => Promise<void>): Promise<string[]> {
    const logs = [this.kubernetes.writes, this.workflows.wakes, this.ec2.calls].map((log) => ({
      log,
      from: log.length,
    }));
    await work();
    return logs.flatMap(({ log, from }) => log.slice(from));
  }

  /** The ENIs that carry the cluster's tag. */
  get enis(): EniFacts[] {
    return [...this.ec2.enis.values()].filter(({ tags }) => tags[TAG_KEYS.cluster] === CLUSTER);
  }

  /** How many leaked ENIs the audit waits for to grow old. */
  get leaks(): number {
    return Object.keys(this.sightings).length;
  }

  /** The watcher loses all that it knows. */
  restartWatcher(): void {
    this.flapGuard = new FlapGuard();
    this.waker = new Waker(CLUSTER, this.workflows, silent);
    this.resync();
  }

  /** A workflow is lost, with all that it knows. */
  terminate(id: string): void {
    this.lostHistory = this.workflows.lives.delete(id) || this.lostHistory;
  }

  /** Lets the next pass look anew at which workflows run. */
  resync(): void {
    this.adopted = false;
  }

  /** One pass of the watcher. */
  async pass(): Promise<void> {
    const { kubernetes, waker, flapGuard } = this;
    const { now } = this.clock;
    flapGuard.prune(now);
    const nodeEnis = [...kubernetes.nodeEnis.values()];
    const attachments = [...kubernetes.attachments.values()];
    const nodes = [...kubernetes.nodes.values()];
    const plan = planAttachments({ nodes, nodeEnis, attachments, now, heldUntil: flapGuard.holds });
    for (const facts of factsByNodeEni(nodeEnis, attachments, plan)) {
      await kubernetes.writeNodeEniStatus(facts.nodeEni, nodeEniStatus(facts));
    }
    if (!this.adopted) await waker.adopt(attachments);
    this.adopted = true;
    await waker.wakeChanged(attachments);
    await applyPlan(plan, { writes: kubernetes, waker, flapGuard, log: silent });
    this.onTurn();
  }

  /** Lets a pair look, or take one step. */
  async turn(id: string): Promise<void> {
    const life = this.workflows.lives.get(id);
    if (life?.due !== true) return;
    this.acting = life.driver;
    const rest = await life.turn();
    this.acting = null;
    if (rest === 'done') this.workflows.lives.delete(id);
    this.onTurn();
  }

  /** Lets a pair go on until it has something to wait for. */
  async run(id: string): Promise<void> {
    for (let turns = 0; this.workflows.lives.get(id)?.due === true; turns += 1) {
      const steps = this.workflows.lives.get(id)?.driver.steps.slice(-3);
      assert.ok(turns < MOST_TURNS, `no end of steps of ${id}, the last ones ${JSON.stringify(steps)}`);
      await this.turn(id);
    }
  }

  /** Lets watcher and pairs go on until nobody has anything to do now. */
  async work(): Promise<void> {
    for (let passes = 0; ; passes += 1) {
      const calls = await this.callsOf(async () => {
        await this.pass();
        for (const id of this.workflows.lives.keys()) await this.run(id);
      });
      if (calls.length === 0) break;
      assert.ok(passes < MOST_PASSES, `no end of passes, the last calls ${calls.join(', ')}`);
    }
    this.onRest();
  }

  /** One audit that may delete leaked ENIs. */
  async audit(): Promise<void> {
    const { enis, kubernetes } = this;
    const listedAt = this.clock.now;
    const attachments = [...kubernetes.attachments.values()];
    const found = survey({ clusterName: CLUSTER, enis, listedAt, attachments });
    for (const { attachment } of found.findings) this.workflows.signal(targetOf(CLUSTER, attachment));
    this.reported = found.attached;
    const ids = found.available.map(({ eniId }) => eniId).sort();
    const sightings = sight(this.sightings, ids, listedAt);
    for (const eniId of leaked(this.sightings, sightings, ORPHAN_AGE_MS, listedAt)) await this.deleteOrphan(eniId);
    this.sightings = sightings;
  }

  private async deleteOrphan(eniId: string): Promise<void> {
    const eni = await this.ec2.reads.eni(eniId);
    if (eni === null || unownedEnis([eni], [...this.kubernetes.attachments.values()]).length === 0) return;
    await this.ec2.writes.deleteEni(eniId).catch(() => undefined); // the next audit finds it again
  }
}
