/** What the databases of one workspace need, and whom they tell. @module */

import type { Settings } from "../core/settings.ts";
import type { Engine, PseudonymKey, Target } from "../engine/engine.ts";
import type { Log } from "../core/log.ts";
import type { DatabaseOutline } from "../core/outline.ts";
import type { DatabaseReport, ResidueReport } from "../core/report.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import type { VerificationRecord } from "../scrub/verify/verification_record.ts";
import type { Phase } from "../core/progress.ts";

/** What the databases of one workspace need. */
export interface DatabasesRun {
  readonly engine: Engine;
  /** The maintenance database, as master. */
  readonly target: Target;
  /** DBInstanceIdentifier of the source. */
  readonly source: string;
  /** Names the run, and chooses which rows its samples read. */
  readonly runId: string;
  /** DbiResourceId of the workspace. */
  readonly resourceId: string;
  /** The workspace's storage, where RDS tells. */
  readonly storageBytes: number | undefined;
  readonly asOf: Date;
  readonly key: PseudonymKey;
  readonly settings: Settings;
  readonly scrubbers: readonly Scrubber[];
  readonly log: Log;
  phase(phase: Phase): void;
  report(databases: readonly DatabaseReport[]): void;
  /** Dumps databases that are proven; absent: nobody wants dumps. */
  exportProven?(databases: readonly string[]): Promise<void>;
  /** Gets what `--prove` needs, before scratch is gone. Absent: nobody proves. */
  remember?(remembered: readonly VerificationRecord[], letThrough: readonly string[]): void;
  /** Gets the plan, where only that is wanted. */
  reportPlan(outlines: readonly DatabaseOutline[]): void;
  reportResidue(residue: readonly ResidueReport[]): void;
  /** What kept the workspace from acting as production, and what became of accounts, in sentences. */
  reportSideEffects(facts: { readonly sideEffects?: readonly string[]; readonly accounts?: readonly string[] }): void;
}
