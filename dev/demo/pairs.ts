import type { Stack } from '../stack/stack.js';
import { Live } from './live.js';
import type { Attachment, NodeEni } from './node-enis.js';
import { paint, seconds, table } from './print.js';

/** The longest that a step of the demo may take: some four seconds on an idle machine. */
const STEP_MS = 40_000;

/** Follows the pairs of a cluster and prints each change of phase with the time since the last command. */
export class Pairs {
  readonly #stack: Stack;
  readonly #attachments: Live<Attachment>;
  readonly #nodeEnis: Live<NodeEni>;
  readonly #printed = new Map<string, string>();
  readonly #eniIds = new Map<string, string>();
  readonly #owners = new Map<string, string>();
  #begin = performance.now();

  private constructor(stack: Stack, attachments: Live<Attachment>, nodeEnis: Live<NodeEni>) {
    this.#stack = stack;
    this.#attachments = attachments;
    this.#nodeEnis = nodeEnis;
    attachments.onChange((name, attachment) => this.#print(name, attachment));
  }

  /** Begins to follow. */
  static async follow(stack: Stack): Promise<Pairs> {
    const { config } = stack.kubernetes;
    const attachments = await Live.start<Attachment>(config, 'nodeeniattachments');
    return new Pairs(stack, attachments, await Live.start<NodeEni>(config, 'nodeenis'));
  }

  /** ENIs of pairs that were seen attached, by Attachment, also of those that are gone again. */
  get eniIds(): ReadonlyMap<string, string> {
    return this.#eniIds;
  }

  /** The time of the lines that follow counts from here. */
  restartClock(): void {
    this.#begin = performance.now();
  }

  /** Waits until exactly these Attachments are there and attached, and the NodeENIs' status says so. */
  async untilAttached(names: readonly string[]): Promise<void> {
    const wanted = [...names].sort().join();
    const holds = (): boolean =>
      wanted === [...this.#attachments.objects.keys()].sort().join() &&
      [...this.#attachments.objects.values()].every(({ status }) => status?.phase === 'Attached');
    await this.#attachments.until(`only ${names.join(', ')} attached`, holds, STEP_MS, () => this.#seen());
    const counted = (): boolean => {
      const all = [...this.#nodeEnis.objects.values()];
      const attached = all.reduce((sum, { status }) => sum + (status?.attached ?? 0), 0);
      return attached === names.length && all.every(({ status }) => status?.attached === status?.desired);
    };
    await this.#nodeEnis.until(`status counts ${names.length} attached`, counted, STEP_MS, () => this.#seenStatus());
  }

  /** Waits until there is neither a NodeENI nor an Attachment. */
  async untilNone(): Promise<void> {
    const isEmpty = (): boolean => this.#attachments.objects.size === 0 && this.#nodeEnis.objects.size === 0;
    const seen = (): string => `${this.#seen()}; NodeENIs ${this.#seenStatus()}`;
    await this.#nodeEnis.until('all NodeENIs and attachments are gone', isEmpty, STEP_MS, seen);
  }

  /** Prints the NodeENIs as `kubectl get nodeenis` does. */
  printStatus(): void {
    console.log();
    const rows = [...this.#nodeEnis.objects.values()].map(({ metadata, spec, status }) => {
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      const counts = [spec.deviceIndex ?? 1, status?.desired ?? 0, status?.attached ?? 0];
      return [metadata?.name ?? '', ...counts, ready?.status ?? '', ready?.reason ?? ''];
    });
    table(['NODEENI', 'INDEX', 'DESIRED', 'ATTACHED', 'READY', 'REASON'], rows);
  }

  /** The page of a pair's workflow in the Web UI. @throws Error when the Attachment does not name its workflow */
  workflowUrl(name: string): string {
    const id = this.#attachments.objects.get(name)?.status?.workflowID;
    if (id === undefined) throw new Error(`the status of ${name} names no workflow`);
    const { uiUrl, namespace } = this.#stack.temporal;
    return `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(id)}`;
  }

  /** Ends the watches. */
  stop(): void {
    this.#attachments.stop();
    this.#nodeEnis.stop();
  }

  #print(name: string, attachment: Attachment | undefined): void {
    const { phase = 'Pending', eniID, reason, message } = attachment?.status ?? {};
    if (attachment !== undefined) this.#owners.set(name, attachment.spec.nodeENI.name);
    if (phase === 'Attached' && eniID !== undefined) this.#eniIds.set(name, eniID);
    const word = attachment === undefined ? 'gone' : phase;
    const key = `${word} ${eniID ?? ''} ${phase === 'Blocked' ? (reason ?? '') : ''}`;
    if (this.#printed.get(name) === key) return;
    this.#printed.set(name, key);
    const time = seconds(performance.now() - this.#begin).padStart(9);
    const detail = phase === 'Blocked' ? `${reason ?? ''}: ${message ?? ''}` : (eniID ?? '');
    const pair = `${name.padEnd(10)}  ${(this.#owners.get(name) ?? '').padEnd(16)}`;
    console.log(`  ${paint('dim', time)}  ${pair}  ${coloured(word)}  ${detail}`.trimEnd());
  }

  #seen(): string {
    const words = [...this.#attachments.objects].map(([name, { status }]) =>
      [name, status?.phase ?? 'without a phase', status?.reason, status?.message].filter(Boolean).join(' '),
    );
    return words.length === 0 ? 'no attachment' : words.join('; ');
  }

  #seenStatus(): string {
    const words = [...this.#nodeEnis.objects].map(([name, { status }]) => `${name} ${JSON.stringify(status ?? {})}`);
    return words.length === 0 ? 'none' : words.join('; ');
  }
}

function coloured(word: string): string {
  const text = word.padEnd(11);
  if (word === 'Attached') return paint('green', text);
  if (word === 'Blocked') return paint('red', text);
  if (word === 'Detaching' || word === 'Deleting') return paint('yellow', text);
  return word === 'gone' || word === 'Pending' ? paint('dim', text) : paint('cyan', text);
}
