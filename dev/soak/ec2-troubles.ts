import type { Ec2Control } from '../stack/ec2-control.js';
import type { Ec2Config } from '../stack/ec2-types.js';
import { CALM_EC2 } from './cluster.js';
import type { SoakEvent } from './events.js';

type Ec2Event = Extract<SoakEvent, { kind: 'ec2Fault' | 'ec2Config' | 'ec2FaultEnds' | 'ec2ConfigEnds' | 'clock' }>;

/** Troubles of EC2 itself: faults of single calls, changed knobs, and its clock. */
export class Ec2Troubles {
  readonly #control: Ec2Control;
  /** Ids of the launcher by those of the schedule. */
  readonly #faults = new Map<number, number>();
  #calm: Required<Ec2Config> | null = null;

  constructor(control: Ec2Control) {
    this.#control = control;
  }

  /** Resolves with what it was, for the record. */
  async do(event: Ec2Event): Promise<string> {
    switch (event.kind) {
      case 'ec2Fault':
        this.#faults.set(event.id, await this.#control.addFault(event.fault));
        return JSON.stringify(event.fault);
      case 'ec2FaultEnds':
        await this.#end(event.id);
        return String(event.id);
      case 'ec2Config':
        this.#calm ??= await this.#control.config();
        await this.#control.config(event.patch);
        return JSON.stringify(event.patch);
      case 'ec2ConfigEnds':
        await this.#control.config(this.#before(event.knobs));
        return event.knobs.join();
      case 'clock':
        await this.#control.advance(event.seconds);
        return `${event.seconds} s`;
    }
  }

  /** Ends all of it. */
  async calm(): Promise<void> {
    this.#faults.clear();
    await this.#control.clearFaults();
    await this.#control.config({ ...this.#calm, ...CALM_EC2 });
  }

  async #end(id: number): Promise<void> {
    const known = this.#faults.get(id);
    this.#faults.delete(id);
    const still = await this.#control.readFaults();
    if (known !== undefined && still.some((fault) => fault.id === known))
      await this.#control.clearFaults({ id: known });
  }

  #before(knobs: readonly (keyof Ec2Config)[]): Ec2Config {
    return Object.fromEntries(Object.entries(this.#calm ?? {}).filter(([key]) => knobs.some((knob) => knob === key)));
  }
}
