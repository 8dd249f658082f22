import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

import layerTable from './dev/check/layers.cjs';

const { layers } = layerTable;
const everyFolder = Object.keys(layers);

/** The import bans of one folder of src, at once in the editor; .dependency-cruiser.cjs checks the whole graph. */
function importsOf([name, layer]) {
  const elsewhere = everyFolder.filter((folder) => folder !== name && !layer.folders.includes(folder));
  const typesAlone = elsewhere.filter((folder) => layer.types?.includes(folder));
  const never = elsewhere.filter((folder) => !layer.types?.includes(folder));
  const packages = [...layer.packages, ...(layer.node ? ['node:.+'] : [])].map((each) => `${each}$`);
  const patterns = [
    { regex: `^(\\.\\./)+(${never.join('|')})/`, message: `src/${name} must not import this (dev/check/layers.cjs).` },
    { regex: `^(?!\\.)(?!${packages.join('|') || '\\.'})`, message: `src/${name} must not import this package.` },
    { regex: '^(\\.\\./)+(dev|test|bench|src)/', message: 'The product does not import development code.' },
  ];
  if (typesAlone.length > 0) {
    patterns.push({
      regex: `^(\\.\\./)+(${typesAlone.join('|')})/`,
      allowTypeImports: true,
      message: `src/${name} may import only types from there.`,
    });
  }
  return {
    name: `imports of src/${name}`,
    files: [`src/${name}/**/*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns, paths: restrictedNames(name) }] },
  };
}

function restrictedNames(folder) {
  if (folder !== 'contract') return [];
  return [
    {
      name: '@temporalio/workflow',
      allowImportNames: ['defineSignal', 'defineQuery', 'defineUpdate'],
      allowTypeImports: true,
      message: 'The contract only defines messages: it is loaded outside of workflows too.',
    },
  ];
}

const syntax = {
  enums: { selector: 'TSEnumDeclaration', message: 'Use an `as const` object and a union of the same name.' },
  functions: {
    selector:
      ':matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > .init:matches(ArrowFunctionExpression, FunctionExpression)',
    message: 'Use a function declaration.',
  },
  logs: {
    selector:
      'CallExpression:matches([callee.object.name=/^log(ger)?$/], [callee.object.property.name=/^#?log(ger)?$/]) > TemplateLiteral[expressions.length>0]',
    message: 'Log a constant message, and whatever varies as fields: so it can be counted and searched.',
  },
  process: {
    selector: 'MemberExpression[object.name="process"][property.name=/^(env|exit|argv)$/]',
    message: 'Only the entry points and src/config read the environment or exit; hand the value down.',
  },
  now: [
    { selector: 'MemberExpression[object.name="Date"][property.name="now"]', message: 'Time comes in as a value.' },
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time comes in as a value.' },
    { selector: 'CallExpression[callee.name="Date"]', message: 'Time comes in as a value.' },
    { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: 'No chance here.' },
  ],
};
const everywhere = [syntax.enums, syntax.functions];
const impureGlobals = [
  'process',
  'fetch',
  'crypto',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'console',
];

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '.cache/', '.venv/', '.tools/'] },
  js.configs.recommended,
  {
    name: 'scripts without types',
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: { module: 'writable', require: 'readonly', process: 'readonly', console: 'readonly' } },
  },
  {
    name: 'TypeScript',
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The models of @kubernetes/client-node are classes that everybody fills with literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', 300],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    name: 'small functions',
    files: ['src/**/*.ts'],
    rules: {
      complexity: ['error', { max: 10, variant: 'modified' }], // a switch counts once, however many cases it has
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-statements': ['error', 25],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...everywhere, syntax.logs, syntax.process],
    },
  },
  {
    name: 'pure and deterministic code',
    files: ['src/domain/**/*.ts', 'src/workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-syntax': ['error', ...everywhere, syntax.logs, syntax.process, ...syntax.now],
    },
  },
  {
    // Temporal makes the clock of the workflow sandbox deterministic.
    name: 'workflows',
    files: ['src/workflows/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, syntax.logs, syntax.process] },
  },
  {
    name: 'entry points',
    files: ['src/main.ts', 'src/kubectl-multi-eni.ts', 'src/bundle-workflows.ts', 'src/config/**/*.ts'],
    rules: { 'no-console': 'off', 'no-restricted-syntax': ['error', ...everywhere, syntax.logs] },
  },
  ...Object.entries(layers).map(importsOf),
  {
    name: 'tests and development tools',
    files: ['test/**/*.ts', 'dev/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
