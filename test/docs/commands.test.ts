import assert from 'node:assert/strict';

import { selectSteps } from '../../dev/check/steps.js';
import { codeSpans, fences, markdownFiles, read } from './markdown.js';

/** Each command of the documentation, with the file in which it stands. */
function commands(): { file: string; command: string }[] {
  return markdownFiles().flatMap((file) => {
    const text = read(file);
    const lines = fences(text).flatMap(({ code }) => code.split('\n').map((line) => line.trim()));
    return [...codeSpans(text), ...lines].map((command) => ({ file, command: command.replace(/^\$ /, '') }));
  });
}

function targetsOfMakefile(): string[] {
  return [...read('Makefile').matchAll(/^([a-z][a-z-]*):/gm)].map(([, target = '']) => target);
}

describe('the commands of the documentation', () => {
  it('name targets that the Makefile has', () => {
    const targets = targetsOfMakefile();

    const unknown = commands().filter(({ command }) => {
      const [, target] = /^make ([a-z-]+)/.exec(command) ?? [];
      return target !== undefined && !targets.includes(target);
    });
    assert.deepEqual(unknown, []);
  });

  it('name every target that the Makefile has', () => {
    const named = new Set(commands().map(({ command }) => /^make ([a-z-]+)/.exec(command)?.[1]));

    const unnamed = targetsOfMakefile().filter((target) => target !== 'help' && !named.has(target));
    assert.deepEqual(unnamed, []);
  });

  it('name steps that `make test` has', () => {
    const named = commands().flatMap(({ command }) => {
      const [, several, one] = /^make test STEPS=(?:"([^"]+)"|(\S+))/.exec(command) ?? [];
      return (several ?? one ?? '').split(' ').filter((name) => name !== '' && name !== 'list' && name !== '…');
    });

    assert.ok(named.length > 0);
    assert.doesNotThrow(() => selectSteps(named));
  });
});
