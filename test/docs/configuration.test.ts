import assert from 'node:assert/strict';

import ts from 'typescript';

import { readConfig } from '../../src/config/config.js';
import { read, tableRows } from './markdown.js';

/** The variables in the schema of src/config/config.ts, with their defaults; an empty one for none. */
function variablesOfSource(): [string, string][] {
  const source = ts.createSourceFile('config.ts', read('src/config/config.ts'), ts.ScriptTarget.Latest, true);
  const found: [string, string][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && /^[A-Z][A-Z0-9_]+$/.test(node.name.getText()) && isSchema(node.initializer)) {
      found.push([node.name.getText(), defaultOf(node.initializer)]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isSchema(node: ts.Expression): boolean {
  return ts.isCallExpression(node);
}

/** `duration('10m', …)` and `address('…')` are given their default first; others have `.default(…)`. */
function defaultOf(node: ts.Expression): string {
  if (!ts.isCallExpression(node)) return '';
  const { expression } = node;
  const [first] = node.arguments;
  if (ts.isIdentifier(expression)) return literal(first);
  if (!ts.isPropertyAccessExpression(expression)) return '';
  return expression.name.text === 'default' ? literal(first) : defaultOf(expression.expression);
}

function literal(node: ts.Expression | undefined): string {
  return node !== undefined && ts.isLiteralExpression(node) ? node.text : '';
}

function variablesOfReadme(): [string, string][] {
  return tableRows(read('README.md'), 'Variable | Default').map(([name = '', fallback = '']) => [
    name.replaceAll('`', ''),
    fallback.replaceAll('`', ''),
  ]);
}

describe('the table of variables in the README', () => {
  it('has the variables and defaults of src/config/config.ts', () => {
    const documented = variablesOfReadme();

    assert.ok(documented.length > 10);
    assert.deepEqual(documented.toSorted(), variablesOfSource().toSorted());
  });

  it('has defaults that the program takes, and that change nothing', () => {
    const given = Object.fromEntries(variablesOfReadme().filter(([, fallback]) => fallback !== ''));

    assert.deepEqual(readConfig(given), readConfig({}));
  });
});
