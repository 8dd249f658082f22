// One tier of tests at a time: `mocha test/unit`. `make test` runs them all (dev/check/steps.ts).
module.exports = {
  // Else mocha would load tests as CommonJS, and c8 would count each source twice.
  'node-option': ['import=tsx', 'no-experimental-require-module'],
  extension: ['ts'],
  recursive: true,
  ignore: ['test/**/fixtures/**'],
  'forbid-only': process.env.CI === 'true',
  timeout: 20_000,
  exit: true, // a server that a failed test left behind would keep the process alive, and its message from us
};
