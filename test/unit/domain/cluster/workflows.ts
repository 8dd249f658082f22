import type { Target } from '../../../../src/contract/activities.js';
import { pairWorkflowId } from '../../../../src/domain/names.js';
import type { PairWorkflows } from '../../../../src/watcher/ports.js';
import { PairDriver, type Clock, type Rest, type World } from '../pair-driver.js';

/** The workflow of a pair, over the lives of its Attachments. */
export class PairLife {
  driver: PairDriver;
  private dirty = false;
  private next: Target | null = null;

  constructor(
    private readonly world: World,
    target: Target,
    private readonly clock: Clock,
  ) {
    this.driver = new PairDriver(world, target, clock);
  }

  /** The signal without a target. */
  lookAgain(): void {
    this.dirty = true;
  }

  /** The signal: look again; with another UID it is the next life's. */
  wake(target: Target): void {
    this.lookAgain();
    if (target.uid !== this.driver.target.uid) this.next = target;
  }

  /** True when there is something to do now. */
  get due(): boolean {
    return this.driver.observation !== null || this.dirty || this.driver.notBefore <= this.clock.now;
  }

  /** Looks, or takes one step. Returns `done` when the workflow has completed. */
  async turn(): Promise<Rest | 'on'> {
    if (this.driver.observation === null) this.dirty = false;
    const rest = await this.driver.turn();
    if (rest === 'done' && this.next !== null) {
      this.driver = new PairDriver(this.world, this.next, this.clock);
      this.next = null;
      return 'on';
    }
    if (this.dirty) this.driver.observation = null;
    return rest;
  }
}

/** A Temporal in memory: the running workflows by id. */
export class MemoryWorkflows implements PairWorkflows {
  readonly lives = new Map<string, PairLife>();
  /** Starts and signals, in order. */
  readonly wakes: string[] = [];

  constructor(
    private readonly world: World,
    private readonly clock: Clock,
  ) {}

  async wake(target: Target): Promise<void> {
    if (this.signal(target)) return;
    this.wakes.push(`start ${target.name}`);
    this.lives.set(idOf(target), new PairLife(this.world, target, this.clock));
  }

  /** Wakes a running workflow alone; false when there is none. */
  signal(target: Target): boolean {
    const life = this.lives.get(idOf(target));
    if (life === undefined) return false;
    this.wakes.push(`signal ${target.name}`);
    life.wake(target);
    return true;
  }

  async lookAgain(id: string): Promise<void> {
    this.wakes.push(`look again ${id}`);
    this.lives.get(id)?.lookAgain();
  }

  async running(): Promise<ReadonlySet<string>> {
    return new Set(this.lives.keys());
  }
}

function idOf({ clusterName, nodeEniName, nodeName }: Target): string {
  return pairWorkflowId(clusterName, nodeEniName, nodeName);
}
