import assert from 'node:assert/strict';

import { observePair } from '../../../src/activities/observe-pair.js';
import { blockedWaitMs } from '../../../src/domain/backoff.js';
import { EMPTY_MEMORY, type PairMemory } from '../../../src/domain/memory.js';
import type { Observation } from '../../../src/domain/observation.js';
import { applyOutcome, type StepOutcome } from '../../../src/domain/plan/apply.js';
import { plan } from '../../../src/domain/plan/plan.js';
import * as remember from '../../../src/domain/plan/remember.js';
import type { Step } from '../../../src/domain/step.js';
import { clientToken, isOwnedBy } from '../../../src/domain/tags.js';
import { type Cloud, CloudFailure } from '../../support/builders-cloud.js';
import { CLUSTER, NOW } from '../../support/builders.js';

/** How a run of the loop ended: what there is to wait for. */
export type Rest = 'idle' | 'done' | 'block' | 'look';

/** The loop of the workflow in miniature, over the EC2 in memory and with a clock of its own. */
export class PairDriver {
  memory: PairMemory = EMPTY_MEMORY;
  now = NOW;
  readonly steps: Step[] = [];
  readonly target;

  constructor(readonly cloud: Cloud) {
    this.target = cloud.target;
  }

  /** Observes and takes steps until there is something to wait for. */
  async look(): Promise<Rest> {
    const seen = await observePair(this.cloud.deps, this.target, { eniId: this.memory.eniId });
    let observation: Observation = { ...seen, at: this.now };
    this.memory = remember.rememberSeen(this.memory, observation);
    for (let taken = 0; ; taken += 1) {
      const step = plan(observation, this.memory);
      assert.ok(taken < 30, `no end of steps, the last one ${JSON.stringify(step)}`);
      this.steps.push(step);
      this.memory = remember.rememberBefore(this.memory, step, observation.at);
      if (step.type === 'done' || step.type === 'idle') return step.type;
      if (step.type === 'block') return this.block(step.reason);
      try {
        const outcome = await this.carryOut(step);
        this.memory = remember.rememberAfter(this.memory, step, outcome);
        if (step.type === 'release') return 'done';
        if (step.type === 'awaitInstance') return 'look'; // only a look shows what became of the instance
        observation = applyOutcome(observation, step, outcome);
      } catch (error) {
        if (!(error instanceof CloudFailure)) throw error;
        const { reason, definite } = error;
        this.memory = remember.rememberFailure(this.memory, step, { at: this.now, reason, definite });
        if (error.kind === 'gone' || reason === 'AttachTimeout') return 'look';
        return this.block(reason);
      }
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

  private block(reason: Parameters<typeof remember.rememberBlock>[1]): Rest {
    this.memory = remember.rememberBlock(this.memory, reason);
    this.now += blockedWaitMs(this.memory.block?.attempts ?? 1, 120_000, this.target.uid);
    this.memory = remember.rememberWake(this.memory);
    return 'block';
  }

  private async carryOut(step: Step): Promise<StepOutcome> {
    const { ec2, attachments } = this.cloud.deps;
    const at = (this.now += 100);
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
        await ec2.eni(step.eniId);
        return { at, eni: await ec2.eni(step.eniId) };
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
        assert.deepEqual(this.cloud.ownedBy(this.target.uid), [], 'released while an ENI is left');
        await attachments.release(this.target);
        return { at };
      case 'awaitInstance':
      case 'idle':
      case 'block':
      case 'done':
        return { at };
    }
  }

  /** The ENI of a step that changes it; null when it went meanwhile. */
  private isOurs(eniId: string): ReturnType<Cloud['enis']['get']> | null {
    const eni = this.cloud.enis.get(eniId);
    if (eni === undefined) return null;
    assert.ok(isOwnedBy(eni.tags, CLUSTER, this.target.uid), `${eniId} is not ours`);
    return eni;
  }
}
