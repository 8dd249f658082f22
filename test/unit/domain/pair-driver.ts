import assert from 'node:assert/strict';

import type { ActivityDeps } from '../../../src/activities/deps.js';
import { observePair } from '../../../src/activities/observe-pair.js';
import type { Target } from '../../../src/contract/activities.js';
import { desiredStatus, type Trouble } from '../../../src/domain/attachment-status.js';
import { blockedWaitMs } from '../../../src/domain/backoff.js';
import { EMPTY_MEMORY, type PairMemory } from '../../../src/domain/memory.js';
import { pairWorkflowId } from '../../../src/domain/names.js';
import type { EniFacts, Observation } from '../../../src/domain/observation.js';
import { applyOutcome, type StepOutcome } from '../../../src/domain/plan/apply.js';
import { plan } from '../../../src/domain/plan/plan.js';
import * as remember from '../../../src/domain/plan/remember.js';
import type { Step } from '../../../src/domain/step.js';
import { clientToken, isOwnedBy } from '../../../src/domain/tags.js';
import { CloudFailure, type MemoryEc2 } from '../../support/builders-ec2.js';
import { CLUSTER, NOW } from '../../support/builders.js';

/** How a run of the loop ended: what there is to wait for. */
export type Rest = 'idle' | 'done' | 'block' | 'look';

/** A clock that is set by hand; epoch milliseconds. */
export interface Clock {
  now: number;
}

/** Where a pair lives: an EC2 in memory, and the dependencies of the activities over it. */
export type World = Pick<MemoryEc2, 'enis' | 'ownedBy'> & { readonly deps: ActivityDeps };

/** Steps whose status is not worth a write of its own: the next one's follows at once. */
const PASSING: ReadonlySet<Step['type']> = new Set(['attach', 'adopt', 'configure', 'release', 'done']);

/** How long an instance or an ENI that does not show is waited for before the pair looks again. */
const WAIT_MS = { instance: 15_000, known: 30_000, new: 300_000 };

/** The loop of the workflow in miniature, over the EC2 in memory. */
export class PairDriver {
  memory: PairMemory = EMPTY_MEMORY;
  /** What the next step is decided on; null: it looks first. */
  observation: Observation | null = null;
  /** Until when nothing but a signal makes it look; Infinity at rest. */
  notBefore = 0;
  readonly steps: Step[] = [];

  constructor(
    readonly world: World,
    readonly target: Target,
    readonly clock: Clock = { now: NOW },
  ) {}

  /** Observes and takes steps until there is something to wait for, and lets the wait pass. */
  async look(): Promise<Rest> {
    for (let turns = 0; ; turns += 1) {
      assert.ok(turns < 30, `no end of steps, the last one ${JSON.stringify(this.steps.at(-1))}`);
      const rest = await this.turn();
      if (rest === 'on') continue;
      if (Number.isFinite(this.notBefore)) this.clock.now = Math.max(this.clock.now, this.notBefore);
      return rest;
    }
  }

  /** Looks until the pair rests or has ended. */
  async settle(): Promise<Rest> {
    for (let looks = 0; looks < 60; looks += 1) {
      const rest = await this.look();
      if (rest === 'idle' || rest === 'done') return rest;
    }
    return 'block';
  }

  /** Observes, or takes one step; `on` when there is more to do at once. */
  async turn(): Promise<Rest | 'on'> {
    if (this.observation === null) {
      const seen = await observePair(this.world.deps, this.target, { eniId: this.memory.eniId });
      this.observation = { ...seen, at: this.clock.now };
      this.memory = remember.rememberSeen(this.memory, this.observation);
      return 'on';
    }
    this.notBefore = 0;
    const rest = await this.advance(this.observation);
    if (rest !== 'on') this.observation = null;
    return rest;
  }

  private async advance(observation: Observation): Promise<Rest | 'on'> {
    const step = plan(observation, this.memory);
    this.steps.push(step);
    if (step.type === 'block') return this.block(observation, step);
    this.memory = remember.rememberBefore(this.memory, step, observation.at);
    await this.report(observation, step, null);
    if (step.type === 'done' || step.type === 'idle') {
      this.notBefore = Infinity;
      return step.type;
    }
    try {
      const outcome = await this.carryOut(step);
      this.memory = remember.rememberAfter(this.memory, step, outcome);
      if (step.type === 'release') return 'done';
      if (step.type === 'awaitInstance') return 'look'; // only a look shows what became of the instance
      this.observation = applyOutcome(observation, step, outcome);
      return 'on';
    } catch (error) {
      if (!(error instanceof CloudFailure)) throw error;
      const { reason, definite, message } = error;
      this.memory = remember.rememberFailure(this.memory, step, { at: this.clock.now, reason, definite });
      if (error.kind === 'gone' || reason === 'AttachTimeout') return 'look';
      return this.block(observation, { reason, message });
    }
  }

  private async block(observation: Observation, trouble: Trouble): Promise<Rest> {
    const { reason, message } = trouble;
    this.memory = remember.rememberBlock(this.memory, reason);
    await this.report(observation, { type: 'block', reason, message }, trouble);
    if (reason === 'Paused') {
      this.notBefore = Infinity;
      return 'block';
    }
    const attempts = this.memory.block?.attempts ?? 1;
    this.notBefore = this.clock.now + blockedWaitMs(attempts, observation.blockedRetryMaxMs, this.target.uid);
    this.memory = remember.rememberWake(this.memory);
    return 'block';
  }

  private async report(observation: Observation, step: Step, trouble: Trouble | null): Promise<void> {
    if (PASSING.has(step.type)) return;
    const { target, memory } = this;
    const workflowId = pairWorkflowId(target.clusterName, target.nodeEniName, target.nodeName);
    const status = desiredStatus({ observation, memory, step, trouble, workflowId });
    await this.world.deps.attachments.writeStatus(target, status);
  }

  private async carryOut(step: Step): Promise<StepOutcome> {
    const { ec2, attachments } = this.world.deps;
    const at = (this.clock.now += 100);
    switch (step.type) {
      case 'create':
        return { at, eni: await ec2.createEni(step.intent, clientToken(this.target.uid, step.intent.ordinal)) };
      case 'adopt':
        await ec2.configureEni(step.eniId, '', { tags: step.tags });
        return { at };
      case 'attach': {
        const { eniId, instanceId, networkCardIndex, deviceIndex } = step;
        assert.notEqual(deviceIndex, 0);
        const attachmentId = await ec2.attachEni(eniId, instanceId, networkCardIndex, deviceIndex);
        if (step.deleteOnTermination) await ec2.configureEni(eniId, attachmentId, { deleteOnTermination: true });
        return { at, attachmentId };
      }
      case 'configure':
        this.isOurs(step.eniId);
        await ec2.configureEni(step.eniId, step.attachmentId, step.changes);
        return { at };
      case 'verify':
        return { at, eni: await this.verify(step) };
      case 'detach': {
        const where = this.isOurs(step.eniId)?.attachment;
        assert.notEqual(where?.deviceIndex, 0);
        if (where) await ec2.detachEni(where.attachmentId, step.force);
        return { at, eni: await ec2.eni(step.eniId) };
      }
      case 'delete':
        if (this.isOurs(step.eniId) !== null) await ec2.deleteEni(step.eniId);
        return { at, eni: null };
      case 'release':
        assert.deepEqual(this.world.ownedBy(this.target.uid), [], 'released while an ENI is left');
        await attachments.release(this.target);
        return { at };
      case 'awaitInstance':
        this.notBefore = at + WAIT_MS.instance;
        return { at };
      case 'idle':
      case 'block':
      case 'done':
        return { at };
    }
  }

  /** Looks twice, which is the time that a change takes to show. */
  private async verify({ eniId, until }: Extract<Step, { type: 'verify' }>): Promise<EniFacts> {
    await this.world.deps.ec2.eni(eniId);
    const eni = await this.world.deps.ec2.eni(eniId);
    if (eni === null) {
      this.notBefore = this.clock.now + (until === 'visible' ? WAIT_MS.new : WAIT_MS.known);
      throw new CloudFailure('gone', 'NotVisibleYet', false);
    }
    if (eni.attachment?.status === 'attaching') throw new CloudFailure('waiting', 'AttachTimeout', false);
    return eni;
  }

  /** The ENI of a step that changes it; null when it went meanwhile. */
  private isOurs(eniId: string): EniFacts | null {
    const eni = this.world.enis.get(eniId);
    if (eni === undefined) return null;
    assert.ok(isOwnedBy(eni.tags, CLUSTER, this.target.uid), `${eniId} is not ours`);
    return eni;
  }
}
