import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import { codeSpans, fences, markdownFiles, prose, read, tableRows } from './markdown.js';

interface Layer {
  readonly folders: readonly string[];
  readonly types?: readonly string[];
  readonly packages: readonly string[];
  readonly node?: boolean;
}

/** Of this machine, or made up anew by each run: a reader has none of them. */
const LOCAL_PATH = /(?<![\w.:-])\/(?:work|root|home|Users)\/|\/tmp\/(?:bash_jobs|multi-eni-)/;

const REGISTRY =
  /\b(?:registry\.[a-z-]+\.\w+|(?:[a-z-]+\.)?pypi\.org|files\.pythonhosted\.org|(?:proxy|sum)\.golang\.org|docker\.io|ghcr\.io|quay\.io)\b/;

const DIAGRAM = /^(?:flowchart|sequenceDiagram|stateDiagram-v2)\b/;

function linesWith(pattern: RegExp): string[] {
  return markdownFiles().flatMap((file) =>
    read(file)
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${file}: ${line}`),
  );
}

function records(): string[] {
  return markdownFiles().filter((file) => /^docs\/adr\/\d{4}-/.test(file));
}

describe('the texts of the repository', () => {
  it('name no path of the machine on which they were written', () => {
    assert.deepEqual(linesWith(LOCAL_PATH), []);
  });

  it('name no host of a package registry', () => {
    assert.deepEqual(linesWith(REGISTRY), []);
  });

  it('have pictures that are not empty', () => {
    const diagrams = markdownFiles().flatMap((file) =>
      fences(read(file))
        .filter(({ language }) => language === 'mermaid')
        .map(({ code }) => ({ file, code: code.trim() })),
    );

    assert.ok(diagrams.some(({ file }) => file === 'README.md'));
    assert.ok(diagrams.some(({ file }) => file === 'docs/architecture.md'));
    for (const { file, code } of diagrams) {
      assert.match(code, DIAGRAM, file);
      assert.ok(code.split('\n').length > 3, file);
    }
  });

  it('say in the README which commands to begin with, and what was not run', () => {
    const text = read('README.md');
    const commands = fences(text).map(({ code }) => code);

    assert.ok(commands.some((code) => /^make demo\b/m.test(code) && /^make test\b/m.test(code)));
    assert.match(text, /^#+ What was not run$/m);
  });
});

describe('docs/architecture.md', () => {
  it('has the table of dev/check/layers.cjs', () => {
    const { layers } = createRequire(import.meta.url)('../../dev/check/layers.cjs') as {
      layers: Record<string, Layer>;
    };
    const rows = tableRows(read('docs/architecture.md'), 'Folder of `src`').map((row) => row.map(codeSpans));

    const expected = Object.entries(layers).map(([name, { folders, types = [], packages, node = false }]) => {
      const named = packages.map((each) => each.replace('.+', '*'));
      return [[name], folders, types, [...named, ...(node ? ['node:*'] : [])]];
    });
    assert.deepEqual(rows, expected);
  });
});

describe('the decision records', () => {
  it('are numbered without a gap, and all in the list', () => {
    const files = records().map((file) => file.replace('docs/adr/', ''));
    const listed = [...read('docs/adr/README.md').matchAll(/\((\d{4}-[a-z0-9-]+\.md)\)/g)].map(([, file]) => file);

    assert.deepEqual(
      files.map((file) => Number(file.slice(0, 4))),
      files.map((_, index) => index + 1),
    );
    assert.deepEqual(listed, files);
  });

  it('have a context, a decision and consequences', () => {
    for (const file of records()) {
      const headings = [...prose(read(file)).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

      assert.deepEqual(headings, ['Context', 'Decision', 'Consequences'], file);
    }
  });
});

describe('CHANGELOG.md', () => {
  it('begins with what is unreleased, under the headings of Keep a Changelog', () => {
    const text = read('CHANGELOG.md');
    const [first] = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    const kinds = [...text.matchAll(/^### (.+)$/gm)].map(([, kind = '']) => kind);

    assert.equal(first, '[Unreleased]');
    for (const kind of kinds) {
      assert.ok(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'].includes(kind), kind);
    }
  });
});
