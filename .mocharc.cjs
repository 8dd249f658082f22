// One tier of tests at a time: `mocha test/unit`. `make test` runs them all (dev/check/steps.ts).
module.exports = {
  'node-option': ['import=tsx'],
  extension: ['ts'],
  recursive: true,
  ignore: ['test/**/fixtures/**'],
  'forbid-only': process.env.CI === 'true',
  timeout: 20_000,
  exit: true, // a server that a failed test left behind would keep the process alive, and its message from us
};
