/**
 * Who may import what: docs/architecture.md's table, read by eslint.config.js and .dependency-cruiser.cjs alike.
 *
 * Each key is a folder of src. It may import itself, and:
 *   folders   these folders of src
 *   types     of these folders types alone
 *   packages  these npm packages (as patterns)
 *   node      Node's own modules
 *
 * @type {Record<string, { folders: string[], types?: string[], packages: string[], node?: boolean }>}
 */
const layers = {
  domain: { folders: [], packages: [] },
  contract: { folders: ['domain'], packages: ['@temporalio/common', '@temporalio/workflow'] },
  workflows: {
    folders: ['domain', 'contract'],
    types: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  activities: {
    folders: ['domain', 'contract', 'aws', 'kubernetes'],
    packages: ['@temporalio/activity', '@temporalio/common'],
    node: true,
  },
  aws: { folders: ['domain'], types: ['observability'], packages: ['@aws-sdk/.+', '@smithy/.+'], node: true },
  kubernetes: {
    folders: ['domain'],
    types: ['observability'],
    packages: ['@kubernetes/client-node', 'zod'],
    node: true,
  },
  watcher: {
    folders: ['domain', 'contract', 'kubernetes', 'observability'],
    types: ['config', 'workflows'],
    packages: ['@temporalio/client', '@temporalio/common'],
    node: true,
  },
  worker: {
    folders: ['domain', 'contract', 'activities', 'aws', 'kubernetes', 'observability'],
    types: ['config', 'workflows'],
    packages: ['@temporalio/.+'],
    node: true,
  },
  run: {
    folders: ['domain', 'contract', 'activities', 'aws', 'kubernetes', 'watcher', 'worker', 'config', 'observability'],
    packages: ['@temporalio/.+', 'pino'],
    node: true,
  },
  cli: {
    folders: ['domain', 'contract', 'aws', 'kubernetes', 'config'],
    packages: ['@temporalio/client', 'commander', 'yaml', 'zod'],
    node: true,
  },
  migrate: { folders: ['domain', 'aws', 'kubernetes', 'cli'], types: ['config'], packages: ['zod'], node: true },
  config: { folders: ['domain'], packages: ['zod', '@temporalio/envconfig'], node: true },
  observability: {
    folders: [],
    packages: ['pino', 'prom-client', '@temporalio/common', '@temporalio/worker'],
    node: true,
  },
};

module.exports = { layers };
