/** What of ours is in AWS, as commands show it. @module */

/**
 * What something is. `running`: a living run's; `orphaned`: a dead run's, and maybe unscrubbed; `leaving`: being deleted;
 * `foreign`: named as ours, but without our tags; `scrubbed`: a finished snapshot; `broken`: one that RDS could not make.
 */
export type OverviewState = "running" | "orphaned" | "leaving" | "foreign" | "scrubbed" | "broken";

/** One instance or snapshot of ours. */
export interface OverviewItem {
  /** DBInstanceIdentifier of the source; `""` where neither tag nor name tells. */
  readonly source: string;
  readonly engine: string;
  readonly kind: "instance" | "snapshot";
  readonly id: string;
  readonly state: OverviewState;
  /** RDS's own word. */
  readonly status: string;
  /** When a running run showed last that it lives, or the time of a snapshot; ISO 8601. */
  readonly time?: string;
  readonly runId?: string;
  /** Accounts that may restore it, of a snapshot. */
  readonly sharedWith: readonly string[];
  /** The snapshot carries a proof; those of the first program carry none. */
  readonly proven: boolean;
  /** SHA-256 of its run's report. */
  readonly report?: string;
}
