/** Removes what all databases of a server share. @module */

import type { OnProgress, Residue, Session, Storage, TablePlan } from "../../engine/engine.ts";
import { serverCodeOf } from "../../engine/database_error.ts";
import { closedTables } from "../schema/server_tables.ts";
import { isDenied } from "../session/errors.ts";
import { purgeAriaLog, rewriteSystemTables } from "./aria.ts";
import { purgeChangeBuffer, untilMerged } from "./change_buffer.ts";
import { overwriteHistograms } from "./histograms.ts";
import { sql } from "../sql/literals.ts";
import { type Product, productOf } from "../sql/product.ts";
import { hasMatchInAnyCase } from "../sql/regexp.ts";
import { purgeLogTables } from "./log_tables.ts";
import { type PurgeRun, type PurgeStep, readWritten } from "./purge_step.ts";
import { purgeRedo } from "./redo.ts";
import { purgeSystemSpace } from "./system_space.ts";
import { purgeUndo } from "./undo.ts";

/** A step, and what it works on. */
export interface NamedStep {
  readonly what: string;
  readonly purge: PurgeStep;
  /** Only of this product's servers. */
  readonly of?: Product;
}

/** Those by SQL alone, where the storage is a service: a server has no file of the others. Histograms go with their tables' purge. */
const servicePurgeSteps: readonly NamedStep[] = [
  { what: "log tables", purge: purgeLogTables },
  { what: "binary logs", purge: reportBinaryLogs },
  { what: "system tables", purge: reportClosedTables },
];

/**
 * In this order: all others write redo, so it is overwritten last; the change buffer may grow only when the system tablespace is
 * clean.
 */
export const purgeSteps: readonly NamedStep[] = [
  ...servicePurgeSteps,
  { what: "sys.sys_config", purge: rewriteConfiguration, of: "mysql" },
  { what: "system tables", purge: rewriteSystemTables, of: "mariadb" },
  { what: "Aria's log", purge: purgeAriaLog, of: "mariadb" },
  { what: "system tablespace", purge: purgeSystemSpace },
  { what: "change buffer", purge: purgeChangeBuffer },
  { what: "undo logs", purge: purgeUndo },
  { what: "histograms", purge: overwriteHistograms, of: "mysql" },
  { what: "redo log", purge: purgeRedo },
];

/**
 * Takes all steps. `plans`: of every database; `open`: one more session on the maintenance database; `onProgress` hears of each
 * step.
 *
 * @throws {ScrubError} `purge` where the server does not let undo be overwritten.
 */
export async function purgeServer(
  session: Session,
  plans: readonly TablePlan[],
  open: () => Promise<Session>,
  onProgress: OnProgress = () => {},
  storage: Storage = "files",
  steps: readonly NamedStep[] = storage === "files" ? purgeSteps : servicePurgeSteps,
): Promise<readonly Residue[]> {
  onProgress("change buffer", 0);
  // The last work of the server that moves old values, and so writes redo of them.
  const changeBufferPages = storage === "files" ? await untilMerged(session) : 0;
  const run: PurgeRun = { session, plans, open, before: await readWritten(session), changeBufferPages };
  const residue: Residue[] = [];
  const product = await productOf(session);
  const taken = steps.filter((step) => step.of === undefined || step.of === product);
  for (const [at, { what, purge }] of taken.entries()) {
    onProgress(what, at / taken.length);
    residue.push(...await purge(run));
  }
  return residue;
}

/** There are none on an instance without backups, or a cluster that does not write any; the master user could not remove any. */
async function reportBinaryLogs({ session }: PurgeRun): Promise<readonly Residue[]> {
  const [setting] = await session.query(sql`SELECT @@log_bin AS on_or_off`);
  if (setting?.on_or_off !== 1) return [{ step: "binary logs", result: "none" }];
  const files = await session.query(sql`SHOW BINARY LOGS`);
  const bytes = files.reduce((sum, { File_size }) => sum + Number(File_size), 0);
  return [{ step: "binary logs", result: `${files.length} files of ${bytes} bytes remain; only RDS can remove them` }];
}

/** The one table of the server's own that RDS's master user may write: its file keeps former rows, and columns that were dropped. */
async function rewriteConfiguration({ session }: PurgeRun): Promise<readonly Residue[]> {
  const step = "sys.sys_config";
  try {
    await session.run({ label: `rebuild ${step}`, sql: sql`ALTER TABLE sys.sys_config FORCE, ALGORITHM=COPY` });
    return [{ step, result: "rewritten" }];
  } catch (error) {
    if (/^ER_(?:NO_SUCH_TABLE|BAD_DB_ERROR)$/.test(serverCodeOf(error) ?? "")) return [];
    if (!isDenied(error)) throw error;
    return [{ step, result: "not rewritten, the master user may not: former rows may remain in its file" }];
  }
}

/**
 * RDS's own tables in the schema `mysql`, and leftovers of upgrades: only RDS may write them. What the server hides from the master
 * user, too: a server has two resource groups of its own, so that where none is shown, all are hidden.
 */
async function reportClosedTables({ session }: PurgeRun): Promise<readonly Residue[]> {
  const tables = await session.query(sql`SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'mysql' AND ${hasMatchInAnyCase(sql`table_name`, closedTables)}
      AND NOT table_name REGEXP '(?i)^(slow|general)_log' ORDER BY table_name`);
  const names = tables.map(({ name }) => String(name));
  const mariadb = await productOf(session) === "mariadb";
  const groups = mariadb ? [] : await session.query(sql`SELECT 1 FROM information_schema.resource_groups LIMIT 1`);
  return [
    ...(names.length === 0 ? [] : [{
      step: "RDS's own tables",
      result: `not checked, the master user cannot reach them: ${names.join(", ")}`,
    }]),
    ...(mariadb || groups.length > 0 ? [] : [{
      step: "resource groups",
      result: "names not checked: the server shows none to the master user, who has no privilege for them",
    }]),
    {
      step: "help tables",
      result: `not searched: the server's own texts${mariadb ? "" : ", which only RDS may write"}`,
    },
    ...(mariadb ? [...await reportMyRocks(session), ...await reportViews(session), ddlRecoveryLog] : []),
    mariadb
      ? {
        step: "replication",
        result: "whether a file of the server's keeps the login of a former source is not shown to the master user",
      }
      : {
        step: "data dictionary and system tables",
        result:
          "freed rows, such as those with former comments, defaults and logins, and comments of tablespaces are out of the " +
          "master user's reach; files of tables that are not written anew may keep former definitions, compressed",
      },
  ];
}

/**
 * MariaDB writes statements that change tables into it as a whole. A server that was not shut down, as in a snapshot, keeps the file
 * beside its new one at its next start (ddl_recovery-backup.log).
 */
const ddlRecoveryLog: Residue = {
  step: "DDL recovery log",
  result:
    "production's last ALTER TABLE statements before the snapshot may stand in a file of the server's, defaults and comments among " +
    "them: no SQL reads or removes it",
};

/** MariaDB keeps the statement of a view as it was written, too, with its comments, and shows it without them. */
async function reportViews(session: Session): Promise<readonly Residue[]> {
  const [views] = await session.query(sql`SELECT COUNT(*) AS count FROM information_schema.tables
    WHERE table_type = 'VIEW' AND table_schema NOT IN ('mysql', 'sys')`);
  if (Number(views?.count) === 0) return [];
  return [{
    step: "views",
    result:
      "comments inside their statements are not searched: the server keeps them in files, and shows them to nobody",
  }];
}

/** Its tables are refused, but files may be left of those that there were. */
async function reportMyRocks(session: Session): Promise<readonly Residue[]> {
  const engines = await session.query(
    sql`SELECT 1 FROM information_schema.engines WHERE engine = 'ROCKSDB' AND support IN ('YES', 'DEFAULT')`,
  );
  if (engines.length === 0) return [];
  return [{ step: "MyRocks", result: "rows of tables that were dropped may remain in its files, which no SQL reads" }];
}
