import { TAG_KEYS } from '../../src/domain/tags.js';
import type { Ec2Event } from '../stack/ec2-types.js';

/** A rule that was broken, and by what. */
export interface Violation {
  /** `doubled`: two ENIs where one may be. `wrong`: anything else. */
  readonly kind: 'doubled' | 'wrong';
  readonly what: string;
  /** Of the journal's event. */
  readonly seq: number;
  /** Virtual time of EC2, in seconds. */
  readonly t: number;
}

/** What a ledger must know besides the journal. */
export interface LedgerOptions {
  readonly clusterName: string;
  /** Events up to this number are the run's own preparation. */
  readonly from: number;
  /** True for instances that the run has terminated: EC2 itself takes their ENIs away. */
  readonly isTerminated: (instanceId: string) => boolean;
}

interface Eni {
  readonly id: string;
  tags: Readonly<Record<string, string>>;
  at: { readonly instanceId: string; readonly deviceIndex: number } | null;
  last: string | null;
}

/** Tags that an ENI carries from its create call on. */
const AT_CREATION = Object.values(TAG_KEYS);

/**
 * Follows EC2's journal event by event, so that nothing between two looks is missed, and tells which rules an event
 * broke. What holds at every moment, whatever happens:
 *
 * - One Attachment (UID) has at most one ENI in existence: the next is made when the earlier one is gone.
 * - One pair (NodeENI, node) has at most one ENI that is attaching, attached or detaching.
 * - An ENI without our cluster's tag is not changed, detached or deleted, but by the end of its instance.
 * - No interface at device index 0 is detached, but by the end of its instance; none of ours is attached there.
 * - An ENI carries all of our tags from its create call on.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #enis = new Map<string, Eni>();
  readonly #ours = new Set<string>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Takes in the next event, in the journal's order; returns what it broke. */
  take(event: Ec2Event): Violation[] {
    const before = this.#enis.get(event.eniId);
    const broken = before === undefined ? [] : this.#forbidden(event, before);
    this.#apply(event, before);
    const after = this.#enis.get(event.eniId);
    if (after !== undefined && this.#isOurs(after)) this.#ours.add(after.id);
    if (after !== undefined && changesPairs(event)) broken.push(...this.#doubled(after), ...this.#creation(event));
    if (event.seq <= this.#options.from) return [];
    return broken.map(([kind, what]) => ({
      kind,
      what: `${event.event} ${event.eniId}: ${what}`,
      seq: event.seq,
      t: event.t,
    }));
  }

  /** Ids of the ENIs that carry our cluster's tag or ever did, those that are gone included. */
  get ours(): ReadonlySet<string> {
    return this.#ours;
  }

  #isOurs({ tags }: Eni): boolean {
    return tags[TAG_KEYS.cluster] === this.#options.clusterName;
  }

  #apply(event: Ec2Event, eni: Eni | undefined): void {
    const { eniId: id, tags = {} } = event;
    if (event.event === 'created') this.#enis.set(id, { id, tags, at: null, last: null });
    if (eni === undefined) return;
    if (event.event === 'deleted') this.#enis.delete(id);
    if (event.event === 'detached') eni.at = null;
    if (isAttach(event))
      eni.at = { instanceId: String(event['instanceId']), deviceIndex: Number(event['deviceIndex']) };
    if (event.event === 'tagged') eni.tags = retagged(eni.tags, event);
    // Only a detach takes the instance away; who deletes afterwards may be its end as well.
    if (eni.at !== null) eni.last = eni.at.instanceId;
  }

  #forbidden(event: Ec2Event, eni: Eni): Broken[] {
    const instanceId = eni.at?.instanceId ?? eni.last;
    const byItsEnd = instanceId !== null && this.#options.isTerminated(instanceId);
    const takesAway = ['detaching', 'detached', 'deleted'].includes(event.event);
    const broken: Broken[] = [];
    if (takesAway && event.event !== 'deleted' && Number(event['deviceIndex']) === 0 && !byItsEnd)
      broken.push(['wrong', 'device index 0 was detached']);
    if (this.#isOurs(eni)) return broken;
    if (['modified', 'tagged'].includes(event.event) || (takesAway && !byItsEnd))
      broken.push(['wrong', "it does not carry our cluster's tag"]);
    return broken;
  }

  #doubled(eni: Eni): Broken[] {
    if (!this.#isOurs(eni)) return [];
    const others = [...this.#enis.values()].filter((other) => other !== eni && this.#isOurs(other));
    const broken: Broken[] = [];
    const twin = others.find(({ tags }) => sameTags(tags, eni.tags, [TAG_KEYS.attachmentUid]));
    if (twin !== undefined) broken.push(['doubled', `${twin.id} exists for the same Attachment ${uidOf(eni)}`]);
    const rival = others.find(
      ({ at, tags }) => at !== null && sameTags(tags, eni.tags, [TAG_KEYS.nodeEniUid, TAG_KEYS.node]),
    );
    if (eni.at !== null && rival !== undefined) broken.push(['doubled', `${rival.id} is attached for the same pair`]);
    if (eni.at?.deviceIndex === 0) broken.push(['wrong', 'it is at device index 0']);
    return broken;
  }

  #creation({ event, tags = {}, ...details }: Ec2Event): Broken[] {
    if (event !== 'created' || details['primary'] === true) return [];
    const missing = AT_CREATION.filter((key) => tags[key] === undefined);
    return missing.length === 0 ? [] : [['wrong', `it was made without the tags ${missing.join(', ')}`]];
  }
}

type Broken = readonly [kind: Violation['kind'], what: string];

function isAttach({ event }: { readonly event: string }): boolean {
  return event === 'attached' || event === 'attaching';
}

/** After any other event there are no more ENIs of a pair than before. */
function changesPairs(event: Ec2Event): boolean {
  return isAttach(event) || event.event === 'created' || event.event === 'tagged';
}

function retagged(tags: Eni['tags'], event: Ec2Event): Eni['tags'] {
  const removed = Array.isArray(event['removed']) ? event['removed'].map(String) : [];
  return Object.fromEntries(Object.entries({ ...tags, ...event.tags }).filter(([key]) => !removed.includes(key)));
}

function sameTags(a: Eni['tags'], b: Eni['tags'], keys: readonly string[]): boolean {
  return keys.every((key) => a[key] !== undefined && a[key] === b[key]);
}

function uidOf({ tags }: Eni): string {
  return tags[TAG_KEYS.attachmentUid] ?? '?';
}
