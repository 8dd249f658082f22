#!/usr/bin/env node
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';

import { COMPLETE, runCli } from './cli/run-cli.js';

/** kubectl runs a program of this name to complete the arguments of the plugin. */
const COMPLETER = 'kubectl_complete-multi_eni';

const [, program = '', ...args] = process.argv;
const io = {
  env: process.env,
  home: homedir(),
  out: (words: string) => void process.stdout.write(words),
  err: (words: string) => void process.stderr.write(words),
  stdin: () => text(process.stdin),
  now: Date.now,
};
// `kubectl multi-eni status | head` closes the pipe early: that is no failure.
process.stdout.on('error', () => process.exit(0));
const words = basename(program) === COMPLETER ? [COMPLETE, ...args] : args;
process.exit(await runCli(io, words, process.env['MULTI_ENI_BUILD_VERSION'] ?? 'development'));
