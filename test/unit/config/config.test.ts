import assert from 'node:assert/strict';

import { readConfig, type Config } from '../../../src/config/config.js';
import { parseDuration } from '../../../src/config/duration.js';
import { readTemporalConfig } from '../../../src/config/temporal.js';

function config(environment: Record<string, string>): Config {
  const read = readConfig(environment);
  assert.ok('config' in read, 'errors' in read ? read.errors.join('\n') : '');
  return read.config;
}

function errors(environment: Record<string, string>): readonly string[] {
  const read = readConfig(environment);
  return 'errors' in read ? read.errors : [];
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    const { identity, ...rest } = config({});

    assert.match(identity, /^multi-eni@\d+$/);
    assert.deepEqual(rest, {
      kubeconfig: undefined,
      region: undefined,
      ec2Endpoint: undefined,
      clusterName: undefined,
      version: 'development',
      leaseNamespace: undefined,
      resyncMs: 600_000,
      auditMs: 300_000,
      orphanMode: 'report',
      orphanMinAgeMs: 900_000,
      blockedRetryMaxMs: 300_000,
      ec2Rate: 100,
      workerVersioning: false,
      metricsAddress: '127.0.0.1:9090',
      healthAddress: '127.0.0.1:8081',
      logLevel: 'info',
      logFormat: 'json',
    });
  });

  it('takes every variable', () => {
    const read = config({
      KUBECONFIG: '/k',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:4566',
      MULTI_ENI_BUILD_VERSION: '1.2.3',
      POD_NAME: 'pod-1',
      MULTI_ENI_CLUSTER_NAME: 'prod.eu_1-a',
      MULTI_ENI_LEASE_NAMESPACE: 'net-ops',
      MULTI_ENI_RESYNC_INTERVAL: '1h30m',
      MULTI_ENI_AUDIT_INTERVAL: '90s',
      MULTI_ENI_ORPHAN_MODE: 'delete',
      MULTI_ENI_ORPHAN_MIN_AGE: '2m',
      MULTI_ENI_BLOCKED_RETRY_MAX: '2000ms',
      MULTI_ENI_EC2_RATE: '2.5',
      MULTI_ENI_WORKER_VERSIONING: 'on',
      MULTI_ENI_METRICS_ADDR: ':9000',
      MULTI_ENI_HEALTH_ADDR: '0.0.0.0:8000',
      MULTI_ENI_LOG_LEVEL: 'debug',
      MULTI_ENI_LOG_FORMAT: 'pretty',
    });

    assert.deepEqual(read, {
      kubeconfig: '/k',
      region: 'eu-central-1',
      ec2Endpoint: 'http://127.0.0.1:4566',
      clusterName: 'prod.eu_1-a',
      version: '1.2.3',
      identity: 'pod-1',
      leaseNamespace: 'net-ops',
      resyncMs: 5_400_000,
      auditMs: 90_000,
      orphanMode: 'delete',
      orphanMinAgeMs: 120_000,
      blockedRetryMaxMs: 2_000,
      ec2Rate: 2.5,
      workerVersioning: true,
      metricsAddress: ':9000',
      healthAddress: '0.0.0.0:8000',
      logLevel: 'debug',
      logFormat: 'pretty',
    });
  });

  it('takes an empty variable for one that is not set, except where empty switches off', () => {
    const read = config({ MULTI_ENI_EC2_RATE: '', MULTI_ENI_LOG_LEVEL: '', MULTI_ENI_METRICS_ADDR: '' });

    assert.deepEqual([read.ec2Rate, read.logLevel, read.metricsAddress], [100, 'info', '']);
  });

  it('names everything that is wrong at once', () => {
    const wrong = {
      AWS_ENDPOINT_URL_EC2: 'nowhere',
      MULTI_ENI_CLUSTER_NAME: 'a:b',
      MULTI_ENI_LEASE_NAMESPACE: 'Net/Ops',
      MULTI_ENI_RESYNC_INTERVAL: '10',
      MULTI_ENI_AUDIT_INTERVAL: '1s',
      MULTI_ENI_ORPHAN_MODE: 'maybe',
      MULTI_ENI_EC2_RATE: '0',
      MULTI_ENI_WORKER_VERSIONING: 'true',
      MULTI_ENI_METRICS_ADDR: 'localhost',
      MULTI_ENI_LOG_LEVEL: 'loud',
      MULTI_ENI_LOG_FORMAT: 'xml',
    };

    const said = errors(wrong);

    assert.deepEqual(said.map((line) => line.split(' ')[0]).sort(), Object.keys(wrong).sort());
  });

  for (const [name, value] of [
    ['MULTI_ENI_EC2_RATE', 'fast'],
    ['MULTI_ENI_EC2_RATE', '-1'],
    ['MULTI_ENI_CLUSTER_NAME', 'a b'],
    ['MULTI_ENI_CLUSTER_NAME', 'a'.repeat(101)],
    ['MULTI_ENI_BLOCKED_RETRY_MAX', '999ms'],
  ] as const) {
    it(`refuses ${name}=${value.slice(0, 10)}`, () => {
      const [line, ...others] = errors({ [name]: value });

      assert.ok(line?.startsWith(name));
      assert.deepEqual(others, []);
    });
  }

  for (const [version, said] of [
    ['', /^MULTI_ENI_BUILD_VERSION is "development", which is no release; .*--build-arg VERSION=/],
    ['development', /is no release/],
    ['0.0.0', /is no release/],
    ['1.0:rc', /^MULTI_ENI_BUILD_VERSION "1\.0:rc" is not 1 to 100 letters/],
  ] as const) {
    it(`refuses Worker Versioning with the version "${version}"`, () => {
      const lines = errors({ MULTI_ENI_WORKER_VERSIONING: 'on', MULTI_ENI_BUILD_VERSION: version });

      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? '', said);
    });

    it(`takes the version "${version}" without Worker Versioning`, () => {
      assert.deepEqual(errors({ MULTI_ENI_BUILD_VERSION: version }), []);
    });
  }

  it('takes the version of a pre-release or a commit for Worker Versioning', () => {
    for (const version of ['1.2.3-rc.1+5', 'a1b2c3d']) {
      const read = config({ MULTI_ENI_WORKER_VERSIONING: 'on', MULTI_ENI_BUILD_VERSION: version });

      assert.equal(read.version, version);
    }
  });

  it('says which of its own variables it does not know, and leaves others alone', () => {
    assert.deepEqual(errors({ MULTI_ENI_RESINC: '1m', PATH: '/bin' }), [
      'MULTI_ENI_RESINC is not a variable of this program',
    ]);
  });
});

describe('a duration', () => {
  for (const [text, milliseconds] of [
    ['500ms', 500],
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1h1m1s1ms', 3_661_001],
    ['0s', 0],
    ['', null],
    ['10', null],
    ['s', null],
    ['1.5h', null],
    ['-1s', null],
    ['1d', null],
    ['1h ', null],
  ] as const) {
    it(`of "${text}" is ${milliseconds ?? 'none'}`, () => {
      assert.equal(parseDuration(text), milliseconds);
    });
  }
});

describe('the way to Temporal', () => {
  it('is what TEMPORAL_* says', () => {
    const read = readTemporalConfig({ TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_NAMESPACE: 'eni', HOME: undefined });

    assert.ok('connect' in read);
    assert.equal(read.connect.connectionOptions.address, 'temporal:7233');
    assert.equal(read.connect.namespace, 'eni');
  });

  it('is an error with a name when its file is not there', () => {
    const read = readTemporalConfig({ TEMPORAL_CONFIG_FILE: '/no/such', TEMPORAL_PROFILE: 'missing' });

    assert.ok('errors' in read);
    assert.match(read.errors.join(), /^TEMPORAL_\*: /);
  });
});
