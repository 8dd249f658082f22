import type { GateAnswer, GateOrder, GateRequest, Judge } from '../stack/api-gate.js';
import type { Call } from './calls.js';
import { ec2Call, idsIn } from './ec2-calls.js';
import { kubernetesWrite } from './kubernetes-calls.js';
import type { Tape } from './tape.js';

/** The tapes of all pairs, behind both gates. */
export class Tapes {
  readonly #tapes = new Set<Tape>();

  add(tape: Tape): void {
    this.#tapes.add(tape);
  }

  remove(tape: Tape): void {
    this.#tapes.delete(tape);
  }

  /** For the gate before EC2. */
  readonly ec2: Judge = (request) => this.#judge(ec2Call(request));

  /** For the gate before Kubernetes. */
  readonly kubernetes: Judge = (request: GateRequest) => {
    const call = kubernetesWrite(request);
    return call === null ? null : this.#judge(call);
  };

  #judge(call: Call): GateOrder {
    const tapes = [...this.#tapes].filter(({ tokens }) => call.tokens.some((token) => tokens.has(token)));
    const placed = tapes.map((tape) => ({ tape, at: tape.place(call), strike: tape.strikeAt(call) }));
    const stage = placed.find(({ strike }) => strike !== null)?.strike?.stage;
    const struck = placed.filter(({ strike }) => strike !== null && strike.stage === stage).map(({ tape }) => tape);
    return {
      stage,
      onStopped: () => struck.forEach((tape) => tape.struck(stage === 'lost' ? 'done' : 'held')),
      onGone: () => struck.forEach((tape) => tape.struck('expired')),
      onAnswer: (answer: GateAnswer) => {
        if (answer.status >= 300) return;
        for (const { tape, at } of placed) {
          tape.worked(at);
          for (const id of idsIn(call.what, answer.body)) tape.tokens.add(id);
        }
      },
    };
  }
}
