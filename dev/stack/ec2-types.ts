/** The launcher's knobs; each has a default there (dev/ec2/ec2_launcher/config.py). Seconds are virtual time. */
export interface Ec2Config {
  readonly attach_s?: number;
  readonly detach_s?: number;
  /** How long a new ENI stays NotFound. */
  readonly visible_s?: number;
  /** How long a Describe still shows the state before a change. */
  readonly stale_s?: number;
  readonly pending_s?: number;
  readonly stopping_s?: number;
  readonly shutting_down_s?: number;
  readonly terminated_visible_s?: number;
  /** Real milliseconds before each answer. */
  readonly latency_ms?: number;
  readonly latency_ms_by_action?: Readonly<Record<string, number>>;
  /** Whether the token buckets refuse calls. Default false. */
  readonly throttle?: boolean;
  /** `[size, refill per second]` by action; merged into the defaults. */
  readonly buckets?: Readonly<Record<string, readonly [number, number]>>;
  readonly sg_per_eni?: number;
  readonly eni_per_region?: number;
  readonly page_max?: number | null;
  readonly empty_pages?: boolean;
  readonly require_paging?: boolean;
  readonly require_network_card_index?: boolean;
  readonly denied_actions?: readonly string[];
  readonly refused_access_keys?: readonly string[];
  readonly clock_skew_s?: number;
  readonly in_use_code?: 'InvalidParameterValue' | 'InvalidNetworkInterface.InUse';
  readonly token_after_delete?: 'replay' | 'new';
  readonly primary_delete_on_termination?: boolean;
}

/** An ordered fault: the first that fits a call and is not spent strikes. */
export interface Ec2Fault {
  /** EC2 action, with `*` and `?`. Default every action. */
  readonly action?: string;
  /** Patterns by EC2 query key, such as `{ NetworkInterfaceId: 'eni-1*' }`. */
  readonly params?: Readonly<Record<string, string>>;
  /** The error to answer with. */
  readonly code?: string;
  readonly message?: string;
  /** HTTP status of the error. Default 400. */
  readonly status?: number;
  /** How often it strikes; null never ends. Default 1. */
  readonly times?: number | null;
  /** How many fitting calls it lets pass first. */
  readonly skip?: number;
  /** Probability. Default 1. */
  readonly p?: number;
  readonly delay_ms?: number;
  /** Closes the connection: before the call is executed, or after, so that only the reply is lost. */
  readonly reset?: Stage;
  /** Never answers. */
  readonly hang?: Stage;
  /** Holds the call until {@link Ec2Control.release}. */
  readonly pause?: Stage;
  /** A pattern of instance or ENI ids: a Describe that names one is answered as if EC2 did not know it. */
  readonly hide?: string;
}

/** Instead of executing the call, or once it has been executed. */
export type Stage = 'before' | 'after';

/** One EC2 call in the launcher's log. */
export interface Ec2Call {
  readonly seq: number;
  /** Arrival in seconds of virtual time. */
  readonly t: number;
  readonly action: string;
  /** The parameters that tests assert on, by EC2 query key; `tags` and `filters` are objects. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The error's code; null for success, and while the call runs. */
  readonly code: string | null;
  /** HTTP status; null while the call runs. */
  readonly http: number | null;
  readonly ms: number | null;
  /** For UnauthorizedOperation alone: the right that was missing, `ec2:<action> on <ARN or *>`. */
  readonly denied?: string;
}

/** An IAM policy document; the launcher refuses what it does not evaluate. */
export interface Ec2Policy {
  readonly Version: string;
  readonly Statement: readonly Ec2PolicyStatement[];
}

/** A statement of an {@link Ec2Policy}. */
export interface Ec2PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A right that a policy gives. */
export interface Ec2Right {
  /** The statement's. */
  readonly sid: string;
  /** Without `ec2:`. */
  readonly action: string;
  /** The kind of resource, such as `network-interface`; `*` for reads. */
  readonly resource: string;
}

/** How many calls there were. */
export interface Ec2Counts {
  readonly byAction: Readonly<Record<string, number>>;
  readonly mutating: number;
  readonly total: number;
  readonly throttled: number;
  /** To be given as `since` next time. */
  readonly lastSeq: number;
}

/** What happened to an ENI. */
export interface Ec2Event {
  readonly seq: number;
  readonly t: number;
  readonly event: 'created' | 'attached' | 'detached' | 'deleted' | 'modified' | 'tagged';
  readonly eniId: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly [detail: string]: unknown;
}

/** What happened to ENIs, in order. */
export interface Ec2Journal {
  readonly events: readonly Ec2Event[];
  readonly createdEniIds: readonly string[];
  /** To be given as `since` next time. */
  readonly lastSeq: number;
}

/** A fault and what became of it. */
export interface Ec2FaultState extends Ec2Fault {
  readonly id: number;
  /** How often it has struck. */
  readonly hits: number;
}

/** A call that a fault holds. */
export interface Ec2HeldCall {
  /** Its number in the log. */
  readonly seq: number;
  readonly action: string;
  readonly kind: 'pause' | 'hang';
  readonly stage: Stage;
  readonly faultId: number;
  /** Whether the caller has closed the connection in the meantime. */
  readonly clientGone: boolean;
}

/** An ENI as EC2 itself knows it. */
export interface Ec2Eni {
  readonly id: string;
  readonly region: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  /** Security group ids. */
  readonly groups: readonly string[];
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly status: string;
  /** Whether it is the ENI that an instance was made with. */
  readonly primary: boolean;
  readonly attachment: Ec2EniAttachment | null;
  readonly sourceDestCheck: boolean;
  readonly privateIp: string;
  readonly privateIps: readonly string[];
  readonly mac: string;
}

/** Where an ENI is attached. */
export interface Ec2EniAttachment {
  readonly id: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly status: string;
  readonly deleteOnTermination: boolean;
}
