import type { EC2Client } from '@aws-sdk/client-ec2';

type Input = Record<string, unknown>;

/** A call that a {@link fakeClient} got. */
export interface Sent {
  readonly action: string;
  readonly input: Input;
}

/** A client that answers as it is told, action by action, and keeps what it was sent. Others fail the test. */
export function fakeClient(answers: Record<string, (input: Input) => unknown>): { client: EC2Client; sent: Sent[] } {
  const sent: Sent[] = [];
  const send = async (command: { constructor: { name: string }; input: Input }): Promise<unknown> => {
    const action = command.constructor.name.replace(/Command$/, '');
    sent.push({ action, input: command.input });
    const answer = answers[action];
    if (answer === undefined) throw new Error(`the test has no answer to ${action}`);
    return answer(command.input);
  };
  return { client: { send } as unknown as EC2Client, sent };
}

/** An error as the SDK throws it for a reply of EC2. */
export function ec2Answer(code: string, message: string = code, status = 400): Error {
  return Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } });
}

/** The values of a filter of a call. */
export function filterValues(input: Input, name: string): string[] {
  const filters = input['Filters'] as { Name: string; Values: string[] }[];
  return filters.find((filter) => filter.Name === name)?.Values ?? [];
}
