import type {
  Ec2Call,
  Ec2Config,
  Ec2Counts,
  Ec2Eni,
  Ec2Fault,
  Ec2FaultState,
  Ec2HeldCall,
  Ec2Journal,
  Ec2Policy,
  Ec2Right,
} from './ec2-types.js';

type Query = Readonly<Record<string, string | number | undefined>>;

/** The launcher's own API, under `/_strict/`: knobs, faults, virtual time, and what it saw. */
export class Ec2Control {
  readonly #endpoint: string;

  /** @param endpoint the launcher's address, `http://127.0.0.1:<port>` */
  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** Changes knobs, the others stay as they are; returns all of them. @throws Error for an unknown one */
  async config(patch: Ec2Config = {}): Promise<Required<Ec2Config>> {
    return await this.#post('config', patch);
  }

  /** Replaces all faults; an empty list ends them. A call that hangs is dropped. */
  async faults(faults: readonly Ec2Fault[]): Promise<readonly Ec2FaultState[]> {
    return (await this.#post<Faults>('faults', faults)).faults;
  }

  /** Adds a fault behind the others; returns its id. */
  async addFault(fault: Ec2Fault): Promise<number> {
    return (await this.#post<{ id: number }>('faults/add', fault)).id;
  }

  /** Ends a fault, or all; a call that hangs by it is dropped, one that it holds goes on. */
  async clearFaults(fault: { readonly id?: number } = {}): Promise<void> {
    await this.#post('faults/clear', fault);
  }

  /** The faults with their hits so far. */
  async readFaults(): Promise<readonly Ec2FaultState[]> {
    return (await this.#get<Faults>('faults')).faults;
  }

  /** The calls that a `pause` or `hang` fault holds now. */
  async held(): Promise<readonly Ec2HeldCall[]> {
    return (await this.#get<Faults>('faults')).held;
  }

  /**
   * Lets held calls go on, or with `drop` closes their connections; those of one fault when it is given.
   * @returns how many there were
   */
  async release(which: { readonly faultId?: number; readonly drop?: boolean } = {}): Promise<number> {
    return (await this.#post<{ released: number }>('release', which)).released;
  }

  /** Moves virtual time forward, and does what is due then. Returns that time, in seconds. */
  async advance(seconds: number): Promise<number> {
    return (await this.#post<{ now: number }>('clock', { advance: seconds })).now;
  }

  /** Calls after `since`, oldest first; the launcher keeps the last 50,000. */
  async log(query: { readonly since?: number; readonly action?: string } = {}): Promise<readonly Ec2Call[]> {
    return (await this.#get<{ records: Ec2Call[] }>('log', query)).records;
  }

  /** Forgets the calls so far, for log and counts alike; their numbers go on. */
  async clearLog(): Promise<void> {
    await this.#post('log', { clear: true });
  }

  /** Exact counts of the calls after `since`. */
  async counts(query: { readonly since?: number } = {}): Promise<Ec2Counts> {
    return await this.#get('log/counts', query);
  }

  /** What happened to ENIs after `since`; with `tag` (`key` or `key=value`) only to those that ever carried it. */
  async journal(
    query: { readonly since?: number; readonly tag?: string; readonly event?: string } = {},
  ): Promise<Ec2Journal> {
    return await this.#get('journal', query);
  }

  /**
   * Every ENI as EC2 itself knows it, oldest first: no delay of visibility, and no call in the log.
   * @param query.primary whether also the instances' own ENIs; default no
   */
  async enis(query: { readonly primary?: boolean; readonly region?: string } = {}): Promise<readonly Ec2Eni[]> {
    const { region, primary = false } = query;
    return (await this.#get<{ enis: Ec2Eni[] }>('enis', { region, primary: String(primary) })).enis;
  }

  /**
   * Binds an access key by an IAM policy from its next call on; null frees it, as all keys are at first.
   * @throws Error that names what the launcher does not evaluate; the key's last policy stays then
   */
  async policy(accessKey: string, document: Ec2Policy | null): Promise<void> {
    await this.#post('policies', { accessKey, document });
  }

  /** The rights that calls of the key needed since its policy was loaded, and that one statement alone gave. */
  async relied(accessKey: string): Promise<readonly Ec2Right[]> {
    const policies = await this.#get<Readonly<Record<string, { relied: Ec2Right[] }>>>('policies');
    return policies[accessKey]?.relied ?? [];
  }

  /** Writes the account's state to a file on this machine. */
  async snapshot(path: string): Promise<void> {
    await this.#post('snapshot', { path });
  }

  /** Puts a snapshot in the place of the account's state. */
  async restore(path: string): Promise<void> {
    await this.#post('restore', { path });
  }

  /** Back to an empty account, default knobs, no faults. */
  async reset(): Promise<void> {
    await this.#post('reset', {});
  }

  async #get<T>(what: string, query: Query = {}): Promise<T> {
    const url = new URL(`/_strict/${what}`, this.#endpoint);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    return await answer<T>(what, await fetch(url));
  }

  async #post<T>(what: string, body: unknown): Promise<T> {
    const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return await answer<T>(what, await fetch(`${this.#endpoint}/_strict/${what}`, init));
  }
}

interface Faults {
  readonly faults: readonly Ec2FaultState[];
  readonly held: readonly Ec2HeldCall[];
}

async function answer<T>(what: string, response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new Error(`the EC2 launcher refused ${what}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
