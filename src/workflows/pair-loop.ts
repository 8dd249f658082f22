import { condition, log, workflowInfo } from '@temporalio/workflow';
import type { Target } from '../contract/activities.js';
import type { PairInput, PairView } from '../contract/messages.js';
import { desiredStatus, type Trouble } from '../domain/attachment-status.js';
import { blockedWaitMs } from '../domain/backoff.js';
import { EMPTY_MEMORY, type PairMemory } from '../domain/memory.js';
import type { Observation } from '../domain/observation.js';
import { applyOutcome } from '../domain/plan/apply.js';
import { plan } from '../domain/plan/plan.js';
import {
  rememberAfter,
  rememberBefore,
  rememberBlock,
  rememberFailure,
  rememberSeen,
  rememberWake,
} from '../domain/plan/remember.js';
import type { Step } from '../domain/step.js';
import { local } from './activities.js';
import { failureOf, isInterruption, type StepError } from './failure.js';
import { interruptible } from './interruptible.js';
import { Presentation } from './presentation.js';
import { runStep } from './run-step.js';

/**
 * Events after which a waiting workflow starts a new run. The server takes 51,200, but a worker that has lost its cache
 * replays them all, at about a millisecond of CPU each, before the pair goes on.
 */
const HISTORY_LIMIT = 200;

/**
 * Signals after which a workflow starts a new run. The server takes 10,000 in a run, or what its operator allows, and its
 * hint ignores them; a new run costs little beside what forty changes cost.
 */
const SIGNAL_LIMIT = 40;

/** How long to wait when an observation failed altogether. */
const OBSERVE_RETRY = '15 seconds';

/** How often in a row a step may find its observation outdated before the pair backs off. */
const STALE_LIMIT = 3;

/** A signal sent by hand may carry anything, or nothing: it still means "look again". */
function isTarget(value: unknown): value is Target {
  if (typeof value !== 'object' || value === null) return false;
  const { uid, name, nodeName, nodeEniName, clusterName } = value as Partial<Record<keyof Target, unknown>>;
  return [uid, name, nodeName, nodeEniName, clusterName].every((part) => typeof part === 'string' && part !== '');
}

/**
 * True after a wait that says nothing of what the next step depends on: the instance has changed its state, or the ENI
 * is not where it was and the instance was not looked at.
 */
function outdates(step: Step, { owned, attachment }: Observation): boolean {
  if (step.type === 'awaitInstance') return true;
  if (step.type !== 'verify' || attachment === null || attachment.deleting) return false;
  return !owned.some((eni) => eni.eniId === step.eniId && eni.attachment !== null);
}

/** What a pair waits for that is not its own doing: it stands in the status while the wait lasts. */
function awaited(step: Step): Trouble | null {
  if (step.type !== 'awaitInstance') return null;
  const state = step.reason === 'InstancePending' ? 'starting' : 'stopping';
  return { reason: step.reason, message: `instance ${step.instanceId} is ${state}` };
}

/** What comes after a wait: look again, begin a new run, or end. */
type Next = 'look' | 'continue' | 'end';

/** Owns a pair's state; its methods are the phases of the loop: observe, pursue, wait. */
export class PairLoop {
  private target: Target;
  private memory: PairMemory;
  private dirty = false;
  private signals = 0;
  private stale = 0;
  private nextTarget: Target | null = null;
  private nextLookAt: number | null = null;
  private readonly presentation: Presentation;

  constructor(
    input: PairInput,
    private readonly workflowId: string,
  ) {
    this.target = input.target;
    this.memory = input.memory ?? EMPTY_MEMORY;
    this.presentation = new Presentation(input.target);
  }

  /** Notes that the pair has to be looked at; a target with another UID is the pair's next life. Never throws. */
  wake(target: unknown): void {
    this.signals += 1;
    this.dirty = true;
    if (isTarget(target) && target.uid !== this.target.uid) this.nextTarget = target;
  }

  /** The pair as it stands. */
  view(): PairView {
    const { target, memory } = this;
    const nextLookAt = this.nextLookAt === null ? null : new Date(this.nextLookAt).toISOString();
    return { target, memory, status: this.presentation.status, nextLookAt };
  }

  /** Runs until the pair's life ends. Returns the input of the next run, or null. */
  async run(): Promise<PairInput | null> {
    for (;;) {
      this.dirty = false;
      const observation = await this.observe();
      if (observation === null) continue;
      const next = await this.pursue(observation);
      if (next === 'continue') return { target: this.target, memory: this.memory };
      if (next === 'end') return this.nextTarget === null ? null : { target: this.nextTarget };
    }
  }

  private async observe(): Promise<Observation | null> {
    try {
      const observation = await local.observePair(this.target, { eniId: this.memory.eniId });
      this.memory = rememberSeen(this.memory, observation);
      this.presentation.refresh();
      return observation;
    } catch (error) {
      const failure = failureOf(error);
      log.warn('observation failed', { reason: failure.reason, error: failure.message });
      this.presentation.trouble(failure);
      await condition(() => this.dirty, OBSERVE_RETRY, { summary: `look again: ${failure.reason}` });
      return null;
    }
  }

  /** Takes one step after another until there is something to wait for. */
  private async pursue(first: Observation): Promise<Next> {
    let observation = first;
    for (;;) {
      const step = plan(observation, this.memory);
      if (step.type === 'done') return 'end';
      if (step.type === 'idle') return this.idle(observation, step);
      if (step.type === 'block') return this.block(observation, step);
      this.memory = rememberBefore(this.memory, step, observation.at);
      await this.report(observation, step, awaited(step));
      const advanced = await this.take(observation, step);
      if (typeof advanced === 'string') return advanced;
      if (step.type === 'release') return 'end';
      if (this.dirty || outdates(step, advanced)) return 'look';
      observation = advanced;
    }
  }

  private async take(observation: Observation, step: Step): Promise<Observation | Next> {
    try {
      const outcome = await interruptible(
        () => runStep(step, this.target),
        () => this.dirty,
      );
      this.stale = 0;
      this.memory = rememberAfter(this.memory, step, outcome);
      return applyOutcome(observation, step, outcome);
    } catch (error) {
      return this.recover(observation, step, error);
    }
  }

  private async recover(observation: Observation, step: Step, error: unknown): Promise<Next> {
    if (isInterruption(error)) {
      this.memory = rememberFailure(this.memory, step, { at: Date.now(), reason: 'Ec2Unavailable', definite: false });
      return 'look';
    }
    const failure = failureOf(error, step);
    this.memory = rememberFailure(this.memory, step, { ...failure, at: Date.now() });
    if (this.looksAgain(failure)) return 'look';
    return this.block(observation, failure);
  }

  private looksAgain(failure: StepError): boolean {
    if (failure.reason === 'AttachTimeout') return true;
    if (!failure.stale) return false;
    this.stale += 1;
    return this.stale <= STALE_LIMIT;
  }

  private async idle(observation: Observation, step: Step): Promise<Next> {
    this.memory = rememberBefore(this.memory, step, observation.at);
    await this.report(observation, step, null);
    if (this.continues()) return 'continue';
    await condition(() => this.dirty);
    return 'look';
  }

  /** Waits with back-off; a pause has no end but a signal. */
  private async block(observation: Observation, trouble: Trouble): Promise<Next> {
    this.stale = 0;
    this.memory = rememberBlock(this.memory, trouble.reason);
    const { reason, message } = trouble;
    await this.report(observation, { type: 'block', reason, message }, trouble);
    if (this.continues()) return 'continue';
    if (trouble.reason === 'Paused') {
      await condition(() => this.dirty);
      return 'look';
    }
    const attempts = this.memory.block?.attempts ?? 1;
    const wait = blockedWaitMs(attempts, observation.blockedRetryMaxMs, this.target.uid);
    this.nextLookAt = Date.now() + wait;
    await condition(() => this.dirty, wait, { summary: `${trouble.reason}: try again` });
    this.nextLookAt = null;
    this.memory = rememberWake(this.memory);
    return 'look';
  }

  private async report(observation: Observation, step: Step, trouble: Trouble | null): Promise<void> {
    const { memory, workflowId } = this;
    const status = desiredStatus({ observation, memory, step, trouble, workflowId });
    await this.presentation.show(observation, step, status);
  }

  private continues(): boolean {
    if (this.nextTarget !== null) return false; // the next run could not know of it
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return continueAsNewSuggested || historyLength > HISTORY_LIMIT || this.signals > SIGNAL_LIMIT;
  }
}
