import { execFileSync } from 'node:child_process';

import { PYTHON } from '../bootstrap/paths.js';

/** A program with its arguments. */
export type Command = readonly [program: string, ...args: readonly string[]];

/** A user and its group, by number. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The user of the Dockerfile's last stage. */
export const IMAGE_USER: User = { uid: 65532, gid: 65532 };

const BECOME = `
import os, shutil, sys
uid, gid = int(sys.argv[1]), int(sys.argv[2])
program = shutil.which(sys.argv[3]) or sys.exit("there is no " + sys.argv[3])
os.setgroups([]); os.setgid(gid); os.setuid(uid)
os.execv(program, sys.argv[3:])
`;

/** Whether this process is root, which a container of ours never is. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The user `nobody` of this machine. */
export function nobody(): User {
  const look = 'import pwd; who = pwd.getpwnam("nobody"); print(who.pw_uid, who.pw_gid)';
  const [uid = 0, gid = 0] = execFileSync(PYTHON, ['-I', '-c', look], { encoding: 'utf8' }).split(' ').map(Number);
  return { uid, gid };
}

/** The command that runs `command` as that user, in the same process, when we are root; else `command` itself. */
export function as(user: User, command: Command): Command {
  return isRoot() ? [PYTHON, '-I', '-c', BECOME, String(user.uid), String(user.gid), ...command] : command;
}
