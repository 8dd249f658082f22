import { spawn } from 'node:child_process';

/**
 * Ties the life of a process group to ours: however this process ends, even by SIGKILL, that group is killed too.
 *
 * @param pid the process that leads the group
 * @returns lets go again; to be called when the process has ended, since its number may be used anew
 */
export function leash(pid: number): () => void {
  return whenWeEnd('kill -9 "-$1"', String(pid));
}

/** Removes a folder when this process ends, in whatever way. Returns what calls that off. */
export function removeWhenWeEnd(dir: string): () => void {
  return whenWeEnd('sleep 1; rm -rf "$1"', dir); // those who write there get the time to die
}

/**
 * A shell waits for the end of its input, which comes when we are gone. It has a session of its own, so that
 * Ctrl-C in the terminal does not end it before us.
 */
function whenWeEnd(command: string, argument: string): () => void {
  const shell = spawn('/bin/sh', ['-c', `cat >/dev/null; ${command}`, 'leash', argument], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return () => {
    shell.kill('SIGKILL'); // before its input closes, or it would still strike
    shell.stdin.destroy();
  };
}
