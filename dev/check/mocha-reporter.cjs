/**
 * Mocha's own "spec" output, and beside it a file with the counts so far: `--reporter-option counts=FILE`.
 * The file is rewritten after every test, so that the counts survive a crash and show progress.
 */
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

const { EVENT_RUN_BEGIN, EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Runner.constants;

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { counts: file } = options.reporterOptions;
    const counts = { passed: 0, failed: 0, skipped: 0, ended: false };
    const write = () => writeFileSync(file, JSON.stringify(counts));
    const count = (key) => () => {
      counts[key] += 1;
      write();
    };
    runner.on(EVENT_RUN_BEGIN, write);
    runner.on(EVENT_TEST_PASS, count('passed'));
    runner.on(EVENT_TEST_FAIL, count('failed'));
    runner.on(EVENT_TEST_PENDING, count('skipped'));
    runner.on(EVENT_RUN_END, () => {
      counts.ended = true;
      write();
    });
  }
};
