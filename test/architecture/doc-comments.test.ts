import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { REPO } from '../../dev/bootstrap/paths.js';

/** The names of exported declarations without a doc comment. Of overloads, one may speak for all. */
function undocumented(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const documented = new Set<string>();
  const exported = new Set<string>();
  for (const statement of source.statements) {
    if (!isExported(statement)) continue;
    for (const name of namesOf(statement)) {
      exported.add(name);
      if (ts.getJSDocCommentsAndTags(statement).length > 0) documented.add(name);
    }
  }
  return [...exported].filter((name) => !documented.has(name));
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.Statement & { name?: ts.Identifier };
  return name === undefined ? [] : [name.text];
}

describe('doc comments', () => {
  for (const folder of ['src', 'dev']) {
    it(`say what every exported symbol of ${folder} is`, () => {
      const missing = globSync(`${folder}/**/*.ts`, { cwd: REPO }).flatMap((file) => {
        return undocumented(file, readFileSync(join(REPO, file), 'utf8')).map((name) => `${file}: ${name}`);
      });

      assert.deepEqual(missing, []);
    });
  }

  it('are missed where they are missing', () => {
    const text = `
      /** Told. */ export const a = 1;
      // told to nobody
      export const b = 2;
      export function c(): void {}
      export interface D {}
      function hidden(): void {}
    `;

    assert.deepEqual(undocumented('sample.ts', text), ['b', 'c', 'D']);
  });
});
