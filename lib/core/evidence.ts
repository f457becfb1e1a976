/** What ties a snapshot to the report of its run. @module */

/** What a snapshot says of its run. */
export interface Evidence {
  readonly snapshot: string;
  readonly status: string;
  readonly runId?: string;
  /** SHA-256 of the run's report, in hexadecimal. */
  readonly report?: string;
  /** Digest of what was proven. */
  readonly proof?: string;
}
