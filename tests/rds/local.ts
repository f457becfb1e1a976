/** A local RDS without servers behind its instances, and a client for it: what the tests of lib/rds share. @module */

import { type ErrorCode, ScrubError } from "../../lib/core/errors.ts";
import type { Log } from "../../lib/core/log.ts";
import type { DeploymentKind } from "../../lib/core/settings.ts";
import { createRds } from "../../lib/rds/api/client.ts";
import type { Rds } from "../../lib/rds/api/client.ts";
import { resolveSource } from "../../lib/rds/source/source.ts";
import type { Source } from "../../lib/rds/source/source.ts";
import type { WorkspaceOptions } from "../../lib/rds/workspace/workspace.ts";
import type { EngineName } from "../../scripts/local_rds/server.ts";
import type { Proof } from "../../lib/scrub/verify/verify.ts";
import { type LocalRds, type LocalRdsOptions, startLocalRds } from "../../scripts/local_rds/local_rds.ts";

/** A signal that is never aborted. */
export const never = new AbortController().signal;

/** A log that keeps its lines. */
export class Notes implements Log {
  readonly lines: string[] = [];

  debug(message: string): void {
    this.lines.push(`debug ${message}`);
  }

  info(message: string): void {
    this.lines.push(`info ${message}`);
  }

  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }

  progress(): void {}
}

/** A local RDS with one production instance or cluster, `prod`, and a client for it. */
export interface Lab extends AsyncDisposable {
  readonly local: LocalRds;
  readonly rds: Rds;
  readonly notes: Notes;
  /** Completes all background work in the local RDS. */
  settled(): Promise<void>;
  /** `prod`, resolved. */
  source(): Promise<Source>;
  /** Options of a run, in milliseconds. */
  options(more?: Partial<WorkspaceOptions>): WorkspaceOptions;
}

/** Opens a lab. `attempts`: at each call of RDS; `kind`: what `prod` is. */
export async function openLab(
  options: LocalRdsOptions = {},
  attempts = 1,
  engine: EngineName = "postgres",
  kind: DeploymentKind = "instance",
): Promise<Lab> {
  const local = await startLocalRds({ servers: false, ...options });
  const production = { id: "prod", tags: { env: "production" } } as const;
  if (kind === "instance") await local.addProduction({ ...production, engine });
  else if (engine !== "mariadb") await local.addCluster({ ...production, engine });
  else throw new TypeError("Aurora has no MariaDB");
  const asked = { engine: engine === "postgres" ? "postgresql" : "mysql", kind, value: "prod" } as const;
  const notes = new Notes();
  const aws = createRds({
    region: local.region,
    log: notes,
    maxAttempts: attempts,
    requestTimeout: 30_000,
    endpoint: { url: local.url, accessKeyId: "local", secretAccessKey: "local" },
  });
  const rds = aws.of(kind);
  return {
    local,
    rds,
    notes,
    settled: () => local.settled(),
    source: () => resolveSource(rds, asked, { overrides: {} }, never),
    options: (more) => ({
      runId: "run-1",
      timeout: 20_000,
      snapshotTimeout: 20_000,
      pollInterval: 2,
      propagationTimeout: 400,
      cleanUpTimeout: 20_000,
      log: notes,
      ...more,
    }),
    async [Symbol.asyncDispose]() {
      aws[Symbol.dispose]();
      await local[Symbol.asyncDispose]();
    },
  };
}

/** A fake of a proof, which only verification makes, bound to a workspace. */
export function proofFor(resourceId: string): Proof {
  // The constructor is not exported; JSON has no types.
  return Object.assign(JSON.parse("{}"), {
    digest: "d1635700",
    search: "full",
    check(other: string) {
      if (other !== resourceId) throw new TypeError("made for another workspace");
    },
  });
}

/** The error code that a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  const error = await failureOf(promise);
  if (error instanceof ScrubError) return error.code;
  throw error;
}

/** The error that a promise is rejected with, and what it suppressed. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new TypeError("did not fail");
}
