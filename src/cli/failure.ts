import type { Kubernetes } from '../kubernetes/client.js';
import { describeError, statusCode } from '../kubernetes/errors.js';

/** A command that cannot do what it was asked for: the message says what happened to which object, and what to do. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';

  /** @param exitCode - 1 for a failure, 2 for a wrong use */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** The program was called wrongly. */
export function wrongUse(message: string): CliFailure {
  return new CliFailure(message, 2);
}

/**
 * Runs a call of the Kubernetes API.
 *
 * @param what - completes "cannot …"
 * @throws CliFailure when it fails, with what the reader can do
 */
export async function calling<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw new CliFailure(`cannot ${what}: ${describeError(error)}\n${hint(statusCode(error))}`, 1, error);
  }
}

/**
 * Makes the clients of a cluster.
 *
 * @param advice - what to look at when it fails, as a sentence
 * @throws CliFailure when it fails
 */
export function connecting(connect: () => Kubernetes, advice: string): Kubernetes {
  try {
    return connect();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliFailure(`no connection to a cluster: ${message}\n${advice}`, 1, error);
  }
}

function hint(code: number | undefined): string {
  switch (code) {
    case undefined:
      return 'The Kubernetes API was not reached: check --kubeconfig and --context, and whether the server is up.';
    case 401:
      return 'The API server does not accept the credentials of the kubeconfig: log in again.';
    case 403:
      return 'You lack the right: ask whoever manages the cluster for it.';
    case 404:
      return 'If the kind itself is not there, install it: kubectl apply -k deploy/crds';
    case 409:
      return 'The object changed meanwhile: try again.';
    case 400:
    case 422:
      return 'Correct what the message names.';
    default:
      return 'Try again later.';
  }
}
