import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';
import { anchors, linkTargets, markdownFiles, read } from './markdown.js';

/** Why a relative target leads nowhere; null when it leads somewhere. */
function problem(file: string, target: string): string | null {
  if (/^[a-z]+:/.test(target)) return null;
  const [path = '', anchor] = target.split('#');
  const to = path === '' ? file : normalize(join(dirname(file), path));
  if (to.startsWith('..') || path.startsWith('/')) return `${target} leads out of the repository`;
  if (!existsSync(join(REPO, to))) return `${target} does not exist`;
  if (anchor === undefined || !to.endsWith('.md')) return null;
  return anchors(read(to)).includes(anchor) ? null : `${target}: there is no such heading`;
}

describe('the links of the documentation', () => {
  for (const file of markdownFiles()) {
    it(`lead somewhere in ${file}`, () => {
      const problems = linkTargets(read(file)).flatMap((target) => problem(file, target) ?? []);

      assert.deepEqual(problems, []);
    });
  }

  it('are missed where they lead nowhere', () => {
    assert.equal(problem('README.md', 'LICENSE'), null);
    assert.equal(problem('docs/reasons.md', '../README.md#configuration'), null);
    assert.match(problem('README.md', 'docs/nothing.md') ?? '', /does not exist/);
    assert.match(problem('README.md', '#nothing') ?? '', /no such heading/);
    assert.deepEqual(linkTargets('![a](b.png) [c](d#e) `[f](g)`\n```\n[h](i)\n```\n[j]: k'), ['b.png', 'd#e', 'k']);
  });

  it('lead from the README to all that a reader of it may want', () => {
    const targets = linkTargets(read('README.md'));

    for (const target of [
      'docs/images/workflow.png',
      'docs/architecture.md',
      'docs/reasons.md',
      'docs/adr/README.md',
      'deploy/README.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'LICENSE',
    ]) {
      assert.ok(targets.includes(target), target);
    }
  });
});
