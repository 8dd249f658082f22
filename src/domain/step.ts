import type { CreateIntent } from './memory.js';
import type { Reason } from './reasons.js';

/** What can be changed in place; absent fields stay as they are. */
export interface EniChanges {
  readonly securityGroupIds?: readonly string[];
  readonly description?: string;
  readonly sourceDestCheck?: boolean;
  readonly deleteOnTermination?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a wait for EC2 waits for. */
export type VerifyUntil = 'attached' | 'detached' | 'visible' | 'gone';

/** The one next thing to do for a pair. */
export type Step =
  | { readonly type: 'create'; readonly intent: CreateIntent }
  /** Take over the ENI of a former Attachment of the same pair by giving it our UID tag. */
  | { readonly type: 'adopt'; readonly eniId: string; readonly fromUid: string; readonly tags: Record<string, string> }
  | {
      readonly type: 'attach';
      readonly eniId: string;
      readonly instanceId: string;
      readonly deviceIndex: number;
      readonly networkCardIndex: number;
      /** Set right after the attach call, which cannot set it. */
      readonly deleteOnTermination: boolean;
    }
  | { readonly type: 'configure'; readonly eniId: string; readonly attachmentId: string; readonly changes: EniChanges }
  | { readonly type: 'verify'; readonly eniId: string; readonly until: VerifyUntil; readonly expect?: EniChanges }
  /** Wait for the instance to leave a transitional state. */
  | { readonly type: 'awaitInstance'; readonly instanceId: string; readonly reason: Reason }
  | {
      readonly type: 'detach';
      readonly eniId: string;
      readonly force: boolean;
      readonly replace: boolean;
      /** Milliseconds after which it may be forced and is decided anew; none: it is waited for. */
      readonly forceInMs?: number;
    }
  | { readonly type: 'delete'; readonly eniId: string; readonly replace: boolean }
  /** Nothing is left in EC2: take the finalizer off. */
  | { readonly type: 'release' }
  /** The Attachment is gone and so is its ENI: the workflow completes. */
  | { readonly type: 'done' }
  /** Everything is as wanted: wait for a signal. */
  | { readonly type: 'idle' }
  /** The pair cannot go on: wait with back-off, or for a signal. */
  | { readonly type: 'block'; readonly reason: Reason; readonly message: string };
