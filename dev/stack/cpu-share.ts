import { cpuSeconds } from '../bench/machine.js';

/** How long one round of going on and standing still lasts: that of the kernel's own limit of a container. */
const ROUND_MS = 100;

/** After how many rounds it is looked how much it has had: a look at every process costs some milliseconds. */
const ROUNDS = 10;

/**
 * Holds a process that leads a group, and its group, to a share of one CPU, as a container's limit does: it stands still
 * for the rest of each tenth of a second, and until it has no more than its share, since its threads may run side by
 * side. A signal other than SIGKILL reaches it while it goes on.
 *
 * @param share of one CPU, above 0 and below 1
 * @returns lets it run free again; harmless when the process has ended
 */
export function holdToCpuShare(pid: number, share: number): () => void {
  const begun = { at: performance.now(), used: used(pid) };
  let timer: NodeJS.Timeout | undefined;
  let rounds = 0;
  const overdrawnMs = (): number => (used(pid) - begun.used) * (1_000 / share) - (performance.now() - begun.at);
  const stand = (): void => {
    signal(pid, 'SIGSTOP');
    rounds += 1;
    const debt = rounds % ROUNDS === 0 ? Math.max(0, overdrawnMs()) : 0;
    timer = setTimeout(go, debt + ROUND_MS * (1 - share));
  };
  const go = (): void => {
    signal(pid, 'SIGCONT');
    timer = setTimeout(stand, ROUND_MS * share);
  };
  stand();
  return () => {
    clearTimeout(timer);
    signal(pid, 'SIGCONT');
  };
}

function used(pid: number): number {
  return cpuSeconds({ held: pid })['held'] ?? 0;
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(-pid, name);
  } catch {
    // it has ended
  }
}
