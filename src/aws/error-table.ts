import type { Ec2FailureKind } from '../domain/ports.js';
import type { Reason } from '../domain/reasons.js';

/** What an error of EC2 means for the caller. */
export interface Meaning {
  readonly kind: Ec2FailureKind;
  readonly reason: Reason;
  /** False when EC2 may have carried out the call all the same. */
  readonly definite: boolean;
}

function meaning(kind: Ec2FailureKind, reason: Reason, definite = true): Meaning {
  return { kind, reason, definite };
}

/** The meanings that have more than one code, or none. */
export const MEANINGS = {
  busy: meaning('waiting', 'NotVisibleYet'),
  credentials: meaning('refused', 'CredentialsRejected'),
  denied: meaning('refused', 'PermissionDenied'),
  eniGone: meaning('gone', 'NotVisibleYet'),
  groupNotFound: meaning('refused', 'SecurityGroupNotFound'),
  instanceGone: meaning('gone', 'InstanceNotFound'),
  instanceStarting: meaning('waiting', 'InstancePending'),
  instanceStopping: meaning('waiting', 'InstanceStopping'),
  notPermitted: meaning('refused', 'NotPermitted'),
  rejected: meaning('refused', 'RequestRejected'),
  subnetFull: meaning('refused', 'SubnetFull'),
  subnetNotFound: meaning('refused', 'SubnetNotFound'),
  throttled: meaning('transient', 'Throttled'),
  unavailable: meaning('transient', 'Ec2Unavailable', false),
  zone: meaning('refused', 'ZoneMismatch'),
} as const satisfies Record<string, Meaning>;

/**
 * Codes that mean one thing whatever the call. Source: Amazon EC2 API Reference, "Error codes for the Amazon EC2 API"
 * and "Common client errors", and the credential providers of the SDK.
 */
const CODES: Readonly<Record<string, Meaning>> = {
  AttachmentLimitExceeded: meaning('refused', 'AttachmentLimitReached'),
  NetworkInterfaceLimitExceeded: meaning('refused', 'QuotaReached'),
  InsufficientFreeAddressesInSubnet: MEANINGS.subnetFull,
  IdempotentParameterMismatch: meaning('refused', 'TokenMismatch'),
  OperationNotPermitted: MEANINGS.notPermitted,
  UnsupportedOperation: MEANINGS.notPermitted,
  // In use, or changed by another call at this moment
  'InvalidNetworkInterface.InUse': MEANINGS.busy,
  'InvalidNetworkInterfaceID.InUse': MEANINGS.busy,
  ConcurrentTagAccess: meaning('transient', 'Ec2Unavailable'),
  // Not there
  'InvalidInstanceID.NotFound': MEANINGS.instanceGone,
  'InvalidNetworkInterfaceID.NotFound': MEANINGS.eniGone,
  'InvalidAttachmentID.NotFound': MEANINGS.eniGone,
  'InvalidNetworkInterfaceAttachmentID.NotFound': MEANINGS.eniGone,
  'InvalidSubnetID.NotFound': MEANINGS.subnetNotFound,
  'InvalidGroup.NotFound': MEANINGS.groupNotFound,
  'InvalidSecurityGroupID.NotFound': MEANINGS.groupNotFound,
  'InvalidSecurityGroup.NotFound': MEANINGS.groupNotFound,
  // Rights
  UnauthorizedOperation: MEANINGS.denied,
  AccessDenied: MEANINGS.denied,
  AccessDeniedException: MEANINGS.denied,
  // Credentials, and the clock by which they are signed
  AuthFailure: MEANINGS.credentials,
  CredentialsProviderError: MEANINGS.credentials,
  TokenProviderError: MEANINGS.credentials,
  ExpiredToken: MEANINGS.credentials,
  ExpiredTokenException: MEANINGS.credentials,
  IncompleteSignature: MEANINGS.credentials,
  InvalidClientTokenId: MEANINGS.credentials,
  InvalidIdentityToken: MEANINGS.credentials,
  InvalidIdentityTokenException: MEANINGS.credentials,
  MissingAuthenticationToken: MEANINGS.credentials,
  RequestExpired: MEANINGS.credentials,
  SignatureDoesNotMatch: MEANINGS.credentials,
  UnrecognizedClientException: MEANINGS.credentials,
  // Too much at once
  BandwidthLimitExceeded: MEANINGS.throttled,
  EC2ThrottledException: MEANINGS.throttled,
  RequestLimitExceeded: MEANINGS.throttled,
  RequestThrottled: MEANINGS.throttled,
  RequestThrottledException: MEANINGS.throttled,
  SlowDown: MEANINGS.throttled,
  Throttling: MEANINGS.throttled,
  ThrottlingException: MEANINGS.throttled,
  TooManyRequestsException: MEANINGS.throttled,
  // EC2's own trouble, whatever the HTTP status
  IDPCommunicationError: MEANINGS.unavailable,
  InternalError: MEANINGS.unavailable,
  InternalFailure: MEANINGS.unavailable,
  ServiceUnavailable: MEANINGS.unavailable,
  Unavailable: MEANINGS.unavailable,
};

/** Codes that say little: the message tells what is meant. */
const AMBIGUOUS: ReadonlySet<string> = new Set([
  'InvalidParameter',
  'InvalidParameterCombination',
  'InvalidParameterValue',
]);

/** Texts as users of EC2 report them; the first that fits counts. */
const MESSAGES: readonly (readonly [RegExp, Meaning])[] = [
  [/already has an interface attached at device index/i, meaning('refused', 'DeviceIndexInUse')],
  [/(currently|already) in use/i, MEANINGS.busy],
  [/(enough|insufficient) free addresses/i, MEANINGS.subnetFull],
  [
    /different networks|security groups? .*(same|different) (vpc|network)/i,
    meaning('refused', 'SecurityGroupVpcMismatch'),
  ],
  [
    /network card( index)? .*(invalid|not valid|not supported|does not exist)/i,
    meaning('refused', 'NetworkCardNotFound'),
  ],
  [/availability zone/i, MEANINGS.zone],
  [/(same|different) vpcs?/i, meaning('refused', 'VpcMismatch')],
];

/** States in which an instance takes no interface, as the messages name them; the first that fits counts. */
const STATES: readonly (readonly [RegExp, Meaning])[] = [
  [/not 'running' or 'stopped'/i, MEANINGS.instanceStarting],
  [/shutting-down|terminat/i, meaning('waiting', 'InstanceTerminated')],
  [/stopping/i, MEANINGS.instanceStopping],
];

/**
 * The meaning of an error that EC2 answered.
 *
 * @param code - without the `Client.` and `Server.` of old replies
 * @param action - what was called: the state that is incorrect is the instance's at attach, else the ENI's
 * @param status - HTTP status; undefined when no reply arrived
 */
export function meaningOf(
  error: { code: string; message: string; status: number | undefined },
  action: string,
): Meaning {
  const { code, message, status } = error;
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known !== undefined) return known;
  if (AMBIGUOUS.has(code)) return firstFit(MESSAGES, message) ?? MEANINGS.rejected;
  if (code === 'IncorrectState' || code === 'IncorrectInstanceState') {
    if (action !== 'AttachNetworkInterface') return MEANINGS.busy;
    return firstFit(STATES, message) ?? MEANINGS.instanceStarting;
  }
  return byStatus(status);
}

function firstFit(table: readonly (readonly [RegExp, Meaning])[], message: string): Meaning | undefined {
  return table.find(([pattern]) => pattern.test(message))?.[1];
}

function byStatus(status: number | undefined): Meaning {
  if (status === 429) return MEANINGS.throttled;
  // EC2 throttles with 503. Without its code the reply may be a proxy's, after EC2 did what was asked.
  if (status === 503) return { ...MEANINGS.throttled, definite: false };
  if (status !== undefined && status >= 400 && status < 500) return MEANINGS.rejected;
  return MEANINGS.unavailable;
}
