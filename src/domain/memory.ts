import type { Reason } from './reasons.js';

/** The parameters of one create call. They are fixed before the first attempt and never change under one ordinal. */
export interface CreateIntent {
  readonly ordinal: number;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a pair's workflow knows that cannot be read anywhere else; carried over continue-as-new. Times are epoch ms. */
export interface PairMemory {
  /** Ordinal of the latest create call of this history; null: none yet. */
  readonly ordinal: number | null;
  /** A create call whose outcome is not known; it is repeated with the same parameters. */
  readonly openCreate: CreateIntent | null;
  /** When the open create call last failed; null while none has. */
  readonly openCreateFailedAt: number | null;
  /** The ENI that this history made or found last; null: none. */
  readonly eniId: string | null;
  /** When it was made; it may stay invisible for a while after that. */
  readonly eniCreatedAt: number | null;
  /** An ENI that could not be attached and is to be replaced; null: none. */
  readonly condemnedEniId: string | null;
  /** True after a condemned ENI went: one back-off before the next is made. */
  readonly coolDown: boolean;
  /** When the detach that is under way began; null: none is. */
  readonly detachStartedAt: number | null;
  /** Why the pair is blocked and how often in a row; null: it is not. */
  readonly block: { readonly reason: Reason; readonly attempts: number } | null;
}

/** The memory of a pair that begins. */
export const EMPTY_MEMORY: PairMemory = {
  ordinal: null,
  openCreate: null,
  openCreateFailedAt: null,
  eniId: null,
  eniCreatedAt: null,
  condemnedEniId: null,
  coolDown: false,
  detachStartedAt: null,
  block: null,
};
