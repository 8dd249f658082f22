import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ec2Call } from '../../../dev/stack/ec2-types.js';
import { RETRY_MAX_S } from './with-world.js';

/** A quarter is the most that jitter takes off a wait. */
const SHORTEST_WAIT_S = RETRY_MAX_S * 0.75;

/** Looks that follow each other at once at the beginning: those of the first, short waits. */
const FIRST_LOOKS = 4;

/**
 * Asserts that the calls of one blocked pair keep to its back-off: no more than the longest wait allows, and a few.
 *
 * @param seconds - how long the pair was blocked
 */
export function assertPaced(calls: readonly Ec2Call[], seconds: number, what: string): void {
  const most = FIRST_LOOKS + Math.ceil(seconds / SHORTEST_WAIT_S);
  assert.ok(calls.length <= most, `${what}: ${calls.length} calls in ${seconds.toFixed(1)} s, at most ${most} allowed`);
}

/** Lets time pass in which something must not happen: the one use of a pause, since nothing can be waited for. */
export async function letPass(seconds: number): Promise<void> {
  await sleep(seconds * 1_000);
}
