// Whole-graph checks of src: `npm run deps`. The table itself is in dev/check/layers.cjs.
const { layers } = require('./dev/check/layers.cjs');

/** One rule for a folder's dependencies of value, one for those of type. */
function rulesOf([name, layer]) {
  const allowed = (folders) => [
    `^src/(${[name, ...folders].join('|')})/`,
    ...layer.packages.map((each) => `(^|node_modules/)${each}(/|$)`),
  ];
  const otherTypes = layer.node ? ['core'] : [];
  return [
    {
      name: `${name}-imports`,
      comment: `src/${name} may import only what dev/check/layers.cjs grants it.`,
      severity: 'error',
      from: { path: `^src/${name}/` },
      to: { pathNot: allowed(layer.folders), dependencyTypesNot: ['type-only', ...otherTypes] },
    },
    {
      name: `${name}-type-imports`,
      comment: `src/${name} may import types only from where dev/check/layers.cjs grants it.`,
      severity: 'error',
      from: { path: `^src/${name}/` },
      to: {
        pathNot: allowed([...layer.folders, ...(layer.types ?? [])]),
        dependencyTypes: ['type-only'],
        dependencyTypesNot: otherTypes,
      },
    },
  ];
}

module.exports = {
  forbidden: [
    ...Object.entries(layers).flatMap(rulesOf),
    {
      name: 'known-folder',
      comment: 'A new folder of src needs a row in dev/check/layers.cjs.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(layers).join('|')})/` },
      to: {},
    },
    {
      name: 'no-cycle',
      comment: 'Modules that import each other in a circle cannot be understood or tested one by one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-dev-code',
      comment: 'The product must not need what is installed or written for development alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(dev|test|bench)/' },
    },
    {
      name: 'no-dev-dependency',
      comment: 'A package that src imports belongs under "dependencies".',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
