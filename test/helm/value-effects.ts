import type { Values } from './charts.js';

/** What setting one value must do. */
export interface Effect {
  /** Another value than the default. */
  readonly to: unknown;
  /** In the rendered text then, and not before. Null: something there is gone. */
  readonly shows: RegExp | null;
  /** What else is set, before and after. Default nothing. */
  readonly on?: Values;
}

const SERVICE_MONITOR: Values = { metrics: { serviceMonitor: { enabled: true } } };
const PROMETHEUS_RULE: Values = { metrics: { prometheusRule: { enabled: true } } };
const SETUP_JOB: Values = { temporal: { setupJob: { enabled: true } } };
const NETWORK_POLICY: Values = { networkPolicy: { enabled: true } };

const OF_A_ROLE: Readonly<Record<string, Effect>> = {
  replicas: { to: 5, shows: /replicas: 5/ },
  resources: { to: { limits: { memory: '3Gi' } }, shows: /memory: 3Gi/ },
  priorityClassName: { to: 'mine', shows: /priorityClassName: mine/ },
  nodeSelector: { to: { pool: 'system' }, shows: /pool: system/ },
  tolerations: { to: [{ key: 'dedicated', operator: 'Exists' }], shows: /key: dedicated/ },
  affinity: { to: { nodeAffinity: {} }, shows: /nodeAffinity/ },
  topologySpread: { to: false, shows: null },
  podAnnotations: { to: { mine: 'yes' }, shows: /mine: "yes"/ },
  podLabels: { to: { team: 'network' }, shows: /team: network/ },
  podDisruptionBudget: { to: false, shows: null },
};

/** Each value of the chart multi-eni-controller. A test holds the list complete. */
export const EFFECTS: Readonly<Record<string, Effect>> = {
  fullnameOverride: { to: 'mine', shows: /name: mine-watcher/ },
  'image.repository': { to: 'mine.example.com/eni', shows: /image: "mine\.example\.com\/eni:0/ },
  'image.tag': { to: 'v9', shows: /aws-multi-eni-controller:v9"/ },
  'image.digest': { to: `sha256:${'0'.repeat(64)}`, shows: /aws-multi-eni-controller@sha256:000/ },
  'image.pullPolicy': { to: 'Always', shows: /imagePullPolicy: Always/ },
  'image.pullSecrets': { to: ['mine'], shows: /imagePullSecrets:\s+- name: mine/ },
  'settings.clusterName': { to: 'production', shows: /MULTI_ENI_CLUSTER_NAME: "production"/ },
  'settings.awsRegion': { to: 'us-gov-west-1', shows: /AWS_REGION: "us-gov-west-1"/ },
  'settings.ec2Rate': { to: 2.5, shows: /MULTI_ENI_EC2_RATE: "2\.5"/ },
  'settings.resyncInterval': { to: '1h30m', shows: /RESYNC_INTERVAL: "1h30m"/ },
  'settings.auditInterval': { to: '1m', shows: /AUDIT_INTERVAL: "1m"/ },
  'settings.orphanMode': { to: 'delete', shows: /ORPHAN_MODE: "delete"/ },
  'settings.orphanMinAge': { to: '1h', shows: /ORPHAN_MIN_AGE: "1h"/ },
  'settings.blockedRetryMax': { to: '1m', shows: /BLOCKED_RETRY_MAX: "1m"/ },
  'settings.workerVersioning': { to: true, shows: /WORKER_VERSIONING: "on"/ },
  'settings.logLevel': { to: 'debug', shows: /LOG_LEVEL: "debug"/ },
  'settings.logFormat': { to: 'pretty', shows: /LOG_FORMAT: "pretty"/ },
  extraEnv: { to: [{ name: 'HTTPS_PROXY', value: 'x' }], shows: /- name: HTTPS_PROXY\s+value: x/ },
  'temporal.address': { to: 'temporal:443', shows: /TEMPORAL_ADDRESS: "temporal:443"/ },
  'temporal.namespace': { to: 'mine.a1b2c', shows: /TEMPORAL_NAMESPACE: "mine\.a1b2c"/ },
  'temporal.secretName': { to: 'mine', shows: /secretRef: \{ name: mine, optional: true \}/ },
  'temporal.apiKey': { to: 'key', shows: /TEMPORAL_API_KEY: "key"/ },
  'temporal.tls.enabled': { to: true, shows: /TEMPORAL_TLS: 'true'/ },
  'temporal.tls.serverName': { to: 'temporal', shows: /TEMPORAL_TLS_SERVER_NAME: "temporal"/ },
  'temporal.tls.clientSecretName': { to: 'client', shows: /secret: \{ secretName: client \}/ },
  'temporal.tls.caSecretName': { to: 'authority', shows: /secretName: authority/ },
  'temporal.setupJob.enabled': { to: true, shows: /kind: Job/ },
  'temporal.setupJob.image': { to: 'mine/tools:1', shows: /image: "mine\/tools:1"/, on: SETUP_JOB },
  'temporal.setupJob.retention': { to: '72h', shows: /name: RETENTION, value: "72h"/, on: SETUP_JOB },
  'serviceAccount.create': { to: false, shows: null, on: { serviceAccount: { name: 'there-already' } } },
  'serviceAccount.name': { to: 'mine', shows: /serviceAccountName: mine/ },
  'serviceAccount.roleArn': {
    to: 'arn:aws-cn:iam::123456789012:role/multi-eni',
    shows: /eks\.amazonaws\.com\/role-arn: arn:aws-cn:iam::123456789012:role\/multi-eni/,
  },
  'serviceAccount.annotations': { to: { mine: 'yes' }, shows: /mine: "yes"/ },
  'rbac.create': { to: false, shows: null },
  'rbac.viewRole': { to: false, shows: null },
  ...prefixed('watcher', OF_A_ROLE),
  ...prefixed('worker', OF_A_ROLE),
  'networkPolicy.enabled': { to: true, shows: /kind: NetworkPolicy/ },
  'networkPolicy.metricsFrom': {
    to: [{ podSelector: { matchLabels: { app: 'prometheus' } } }],
    shows: /app: prometheus/,
    on: NETWORK_POLICY,
  },
  'networkPolicy.egressPorts': { to: [8443], shows: /- \{ port: 8443 \}/, on: NETWORK_POLICY },
  'networkPolicy.extraEgress': { to: [{ ports: [{ port: 3128 }] }], shows: /port: 3128/, on: NETWORK_POLICY },
  'metrics.annotations': { to: false, shows: null },
  'metrics.serviceMonitor.enabled': { to: true, shows: /kind: ServiceMonitor/ },
  'metrics.serviceMonitor.interval': { to: '15s', shows: /interval: 15s/, on: SERVICE_MONITOR },
  'metrics.serviceMonitor.scrapeTimeout': { to: '5s', shows: /scrapeTimeout: 5s/, on: SERVICE_MONITOR },
  'metrics.serviceMonitor.labels': { to: { release: 'mine' }, shows: /release: mine/, on: SERVICE_MONITOR },
  'metrics.prometheusRule.enabled': { to: true, shows: /kind: PrometheusRule/ },
  'metrics.prometheusRule.labels': { to: { release: 'mine' }, shows: /release: mine/, on: PROMETHEUS_RULE },
  'metrics.prometheusRule.runbookUrl': {
    to: 'https://example.com/run',
    shows: /runbook_url: https:\/\/example\.com\/run#multienidown/,
    on: PROMETHEUS_RULE,
  },
};

function prefixed(role: string, effects: Readonly<Record<string, Effect>>): Record<string, Effect> {
  return Object.fromEntries(Object.entries(effects).map(([path, effect]) => [`${role}.${path}`, effect]));
}
