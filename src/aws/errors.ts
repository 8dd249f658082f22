import type { Ec2Failure, Ec2FailureKind } from '../domain/ports.js';
import type { Reason } from '../domain/reasons.js';
import { truncate } from '../domain/text.js';
import { type Meaning, meaningOf } from './error-table.js';

/** The one error that leaves this folder: whatever a call of EC2 threw, with what it means. */
export class Ec2Error extends Error implements Ec2Failure {
  override readonly name = 'Ec2Error';
  readonly kind: Ec2FailureKind;
  readonly reason: Reason;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly definite: boolean;

  /** @param details - `message` is cut to what a status can hold; `cause` is the SDK's error */
  constructor(meaning: Meaning, details: { message: string; code: string; retryAfterMs?: number; cause?: unknown }) {
    super(truncate(details.message), { cause: details.cause });
    this.kind = meaning.kind;
    this.reason = meaning.reason;
    this.definite = meaning.definite;
    this.code = details.code;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** The same failure, not to be tried again before `retryAfterMs` milliseconds have passed. */
  after(retryAfterMs: number): Ec2Error {
    return new Ec2Error(this, { message: this.message, code: this.code, cause: this.cause, retryAfterMs });
  }
}

/**
 * What was thrown by a call of EC2, as the failure that callers decide by. Never throws. What it does not know, such as
 * a broken connection or a reply that is no XML, is transient and not definite: nothing is given up because of it.
 *
 * @param action - EC2's name of the call, such as `CreateNetworkInterface`
 */
export function toEc2Failure(error: unknown, action: string): Ec2Error {
  if (error instanceof Ec2Error) return error;
  const answer = { code: codeOf(error), message: messageOf(error), status: statusOf(error) };
  const meaning = meaningOf(answer, action);
  const message = `${action}: ${explained(meaning.reason, action, answer.message)} (${answer.code})`;
  return new Ec2Error(meaning, { message, code: answer.code, cause: error });
}

/** EC2's code is the name of the SDK's error; that of a network error is in `code`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Unknown';
  const { code } = error as { code?: unknown };
  const fromEc2 = statusOf(error) !== undefined || typeof code !== 'string';
  return (fromEc2 ? error.name : code).replace(/^(Client|Server)\./, '');
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || innerMessage(error) : String(error);
  // Kilobytes of base64 that only `aws sts decode-authorization-message` can read.
  return text.replace(/\s*Encoded authorization failure message: \S+/, '');
}

/** Node's error for a name with several addresses has no message of its own. */
function innerMessage(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? first.message : error.name;
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

function explained(reason: Reason, action: string, message: string): string {
  if (reason === 'CredentialsRejected') {
    return `the credentials were rejected: check them, and the clock of the controller; ${message}`;
  }
  if (reason === 'PermissionDenied') return `the controller may not call ${deniedAction(action, message)}; ${message}`;
  return message;
}

/** Since 2023 EC2 names the action; before, a create call with tags could as well lack the right to tag. */
function deniedAction(action: string, message: string): string {
  const named = /not authorized to perform: ([a-z0-9-]+:\w+)/i.exec(message)?.[1];
  if (named !== undefined) return named;
  return action === 'CreateNetworkInterface' ? `ec2:${action}, or ec2:CreateTags with it` : `ec2:${action}`;
}
