import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What is known of a kind's informer. */
export interface InformerFacts {
  /** True once the first list is complete. */
  readonly synced: boolean;
  /** When the API server was heard last, in milliseconds since 1970; undefined: never. */
  readonly lastEventAt: number | undefined;
}

/** What a pair shows in its Attachment's status. */
export interface PairFacts {
  readonly status: { readonly phase?: string | undefined; readonly reason?: string | undefined };
}

/** Where the gauges about the watcher take their values from, at each scrape. */
export interface WatcherSources {
  /** The Attachments; null while they are not known. */
  readonly pairs: () => Iterable<PairFacts> | null;
  /** How many NodeENIs there are; null while that is not known. */
  readonly nodeEnis: () => number | null;
  /** Whether this watcher works, or another does. */
  readonly leads: () => boolean;
  /** By kind. */
  readonly informers: Readonly<Record<string, InformerFacts>>;
  /** All phases, the first one being that of a pair without any. */
  readonly phases: readonly [string, ...string[]];
  /** All reasons. */
  readonly reasons: readonly string[];
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** How a pass of the watcher ended: `failed` when anything has to be tried again. */
export const PASS_RESULTS = ['ok', 'failed'] as const;

/** One of {@link PASS_RESULTS}. */
export type PassResult = (typeof PASS_RESULTS)[number];

/** Hears what the watcher does. Never throws. */
export interface WatcherMetrics {
  onPass(result: PassResult, ms: number): void;
  /** A pair was attached for the first time, so long after its Attachment was made. */
  onAttached(seconds: number): void;
}

const ATTACHED_BUCKETS = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120, 300, 600];
const PASS_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60];

/** Adds the metrics about the watcher, and of the pairs as it sees them, to a registry. */
export function watcherMetrics(registry: Registry, sources: WatcherSources): WatcherMetrics {
  addPairs(registry, sources);
  addInformers(registry, sources);
  addLeader(registry, sources);
  const registers = [registry];
  const attached = new Histogram({
    name: 'multi_eni_time_to_attached_seconds',
    help: 'From the creation of a NodeENIAttachment, known to the second, to its first attachment; only what was made and attached while this process watched.',
    buckets: ATTACHED_BUCKETS,
    registers,
  });
  const passes = new Counter({
    name: 'multi_eni_watcher_passes_total',
    help: 'Passes of the watcher over all nodes and NodeENIs, by result: ok, or failed when anything has to be tried again.',
    labelNames: ['result'],
    registers,
  });
  for (const result of PASS_RESULTS) passes.inc({ result }, 0);
  const duration = new Histogram({
    name: 'multi_eni_watcher_pass_duration_seconds',
    help: 'How long passes of the watcher took, its writes included.',
    buckets: PASS_BUCKETS,
    registers,
  });
  return {
    onPass: (result, ms) => {
      passes.inc({ result });
      duration.observe(ms / 1000);
    },
    onAttached: (seconds) => attached.observe(seconds),
  };
}

function addPairs(registry: Registry, { pairs, nodeEnis, phases, reasons }: WatcherSources): void {
  const registers = [registry];
  new Gauge({
    name: 'multi_eni_pairs',
    help: 'Pairs of node and NodeENI by phase; none are shown while they are not known.',
    labelNames: ['phase'],
    registers,
    collect() {
      this.reset();
      const now = pairs();
      if (now === null) return;
      for (const phase of phases) this.set({ phase }, 0);
      for (const { status } of now) this.inc({ phase: status.phase ?? phases[0] });
    },
  });
  new Gauge({
    name: 'multi_eni_pairs_blocked',
    help: 'Pairs that give a reason for not going on, by reason, whatever their phase.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      const now = pairs();
      if (now === null) return;
      for (const reason of reasons) this.set({ reason }, 0);
      for (const { status } of now) if (status.reason !== undefined) this.inc({ reason: status.reason });
    },
  });
  new Gauge({
    name: 'multi_eni_node_enis',
    help: 'NodeENI objects.',
    registers,
    collect() {
      const now = nodeEnis();
      if (now === null) this.remove();
      else this.set(now);
    },
  });
}

function addInformers(registry: Registry, { informers, now = Date.now }: WatcherSources): void {
  const startedAt = now();
  new Gauge({
    name: 'multi_eni_informer_last_event_age_seconds',
    help: 'Time since the API server was heard last about a kind; it says something about every minute. Before the first time: since the start.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const [kind, { lastEventAt }] of Object.entries(informers)) {
        this.set({ kind }, Math.max(0, now() - (lastEventAt ?? startedAt)) / 1000);
      }
    },
  });
  new Gauge({
    name: 'multi_eni_informer_synced',
    help: '1 once the first list of a kind is complete, else 0.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const [kind, { synced }] of Object.entries(informers)) this.set({ kind }, synced ? 1 : 0);
    },
  });
}

function addLeader(registry: Registry, { leads }: WatcherSources): void {
  new Gauge({
    name: 'multi_eni_watcher_leads',
    help: '1 while this watcher does the work, 0 while it stands by because another does.',
    registers: [registry],
    collect() {
      this.set(leads() ? 1 : 0);
    },
  });
}
