import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second for user space, whatever its own tick is. */
const TICKS_PER_SECOND = 100;

/** A process and those that it has started, by the name that the tables call it. */
export type Pids = Readonly<Record<string, number>>;

/** Resident memory of each process group, in MiB. */
export function memoryMib(pids: Pids): Record<string, number> {
  return ofEach(pids, (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(status(pid, 'status'))?.[1] ?? 0) / 1024);
}

/** CPU seconds of each process group so far. */
export function cpuSeconds(pids: Pids): Record<string, number> {
  return ofEach(pids, (pid) => {
    const fields = status(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
  });
}

/** CPU seconds of the whole machine so far, whoever used them. */
export function machineCpuSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq) / TICKS_PER_SECOND;
}

/** `after` less `before`, by name. */
export function difference(
  after: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));
}

function ofEach(pids: Pids, measure: (pid: number) => number): Record<string, number> {
  const groups = groupMembers();
  const sum = (leader: number): number =>
    (groups.get(leader) ?? [leader]).reduce((total, pid) => total + measure(pid), 0);
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, sum(pid)]));
}

/** Every server of the stack leads a process group. */
function groupMembers(): Map<number, number[]> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return Map.groupBy(pids.map(Number), (pid) => Number(status(pid, 'stat').split(') ').at(-1)?.split(' ')[2] ?? pid));
}

function status(pid: number, file: 'stat' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}
