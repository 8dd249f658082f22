/** What a user wants, parsed from a NodeENI object. */
export interface NodeEni {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  /** RFC 3339; the older NodeENI wins a slot. */
  readonly createdAt: string;
  readonly deleting: boolean;
  readonly paused: boolean;
  readonly hasFinalizer: boolean;
  readonly spec: NodeEniSpec;
  /** Accepted spec fields that this controller does nothing with yet. */
  readonly unhandledFields: readonly string[];
}

/** The spec of a NodeENI, with the API's defaults filled in. */
export interface NodeEniSpec {
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Candidates by id, `subnetID` first. */
  readonly subnetIds: readonly string[];
  /** Candidates by Name tag. */
  readonly subnetNames: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly securityGroupNames: readonly string[];
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly deleteOnTermination: boolean;
  readonly sourceDestCheck: boolean;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly detachPolicy: DetachPolicy;
  readonly updateStrategy: UpdateStrategy;
}

/** When a detach may be forced. */
export interface DetachPolicy {
  readonly type: 'Graceful' | 'ForceAfterTimeout';
  readonly timeoutSeconds: number;
}

/** How ENIs are replaced when an identity field changes. */
export interface UpdateStrategy {
  readonly type: 'RollingUpdate' | 'OnDelete';
  /** A number of ENIs, or a percentage such as `25%` of those desired. */
  readonly maxUnavailable: number | string;
}

/** True when the labels carry every label of the selector with the same value. */
export function matchesSelector(
  labels: Readonly<Record<string, string>>,
  selector: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/**
 * How many ENIs may be away at a time: at least 1, a percentage rounded up.
 *
 * @param desired - how many ENIs the NodeENI wants
 */
export function maxUnavailable(strategy: UpdateStrategy, desired: number): number {
  const value = strategy.maxUnavailable;
  if (typeof value === 'number') return Math.max(1, value);
  const percent = Number.parseInt(value, 10);
  if (Number.isNaN(percent)) return 1;
  return Math.max(1, Math.ceil((desired * percent) / 100));
}
