/** Verifies a database once more without scratch: in an instance restored from the final snapshot, or in a copy of the workspace. @module */

import { chosenBy, isForEveryRow } from "../../engine/chosen_rows.ts";
import type { Engine, Fingerprint, Scratch, Session } from "../../engine/engine.ts";
import type { Table } from "../../engine/schema.ts";
import type { Name } from "../../engine/sql.ts";
import { ScrubError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { ScrubbedDatabase } from "../execute/scrub_database.ts";
import { readSet, writeSet } from "../leak_search/leak_sets.ts";
import type { Evidence, ProvableChange } from "../plan/table_change.ts";
import { fillHashedKeys, hashedKeyIn } from "./hashed_keys.ts";
import { type Proof, type VerifiedWorkspace, verify } from "./verify.ts";

/** What a second verification of one database needs: names, counts and keyed 64-bit hashes, never values. */
export interface VerificationRecord {
  readonly database: ScrubbedDatabase;
  /** Rows of every table, by {@linkcode Table.id}. */
  readonly rows: ReadonlyMap<string, number>;
  /** The fingerprints that were searched for, in pages; absent: the search was off, or they are too many. */
  readonly fingerprints?: readonly (readonly Fingerprint[])[];
  /** Hashes of the keys of rows that rules for some rows chose, by the scratch that had these; absent: they are too many. */
  readonly chosen: ReadonlyMap<Scratch, readonly (readonly Fingerprint[])[]>;
}

/** More would take too much memory. */
const mostFingerprints = 5_000_000;

/** Reads what a second verification needs. To be called before scratch is closed. */
export async function captureVerification(database: ScrubbedDatabase, log: Log): Promise<VerificationRecord> {
  const { engine, session, schema, leaks } = database;
  const rows = await countRows(engine, session, schema.database, tablesOf(database));
  const chosen = await captureChosen(database, log);
  if (!leaks) return { database, rows, chosen };
  if (leaks.fingerprints > mostFingerprints) {
    log.warn(
      `the leak search of "${schema.database}" is not repeated by --prove or --rebuild: it has too many fingerprints`,
    );
    return { database, rows, chosen };
  }
  return { database, rows, chosen, fingerprints: await Array.fromAsync(readSet(database, leaks.sought)) };
}

/** The keys of the rows that evidence for some rows is about, hashed, as far as there are not too many in all. */
async function captureChosen(database: ScrubbedDatabase, log: Log): Promise<VerificationRecord["chosen"]> {
  const { engine, schema, changes } = database;
  const chosen = new Map<Scratch, readonly (readonly Fingerprint[])[]>();
  let room = mostFingerprints;
  for (const { change: { table }, evidence } of changes) {
    for (const scratch of new Set(evidence.flatMap((one) => chosenBy(one) ?? []))) {
      const set = engine.fingerprintSet(schema.database, `hashed keys ${chosen.size}`);
      const rows = await fillHashedKeys(database, set, table, scratch);
      if (rows > room) {
        log.warn(
          `the evidence for some rows of ${table.id} in "${schema.database}" is not repeated by --prove or --rebuild: they are too many`,
        );
        continue;
      }
      room -= rows;
      chosen.set(scratch, await Array.fromAsync(readSet(database, set)));
    }
  }
  return chosen;
}

/**
 * Verifies the databases of another instance than the workspace, which should hold the same: the evidence (of rules for some rows by
 * hashes of these rows' keys; that rows are gone by how many are left), all foreign keys, the leak search, the list of databases, and every table's number of rows.
 *
 * @throws {ScrubError} `verification`, with every finding.
 */
export async function verifyAgain(
  workspace: VerifiedWorkspace,
  records: readonly VerificationRecord[],
  open: (database: ScrubbedDatabase) => Promise<Session>,
  log: Log,
): Promise<Proof> {
  const again: ScrubbedDatabase[] = [];
  const findings: string[] = [];
  for (const { database, rows, fingerprints, chosen } of records) {
    const { engine, schema } = database;
    const session = await open(database);
    const now = await countRows(engine, session, schema.database, tablesOf(database));
    for (const [table, before] of rows) {
      if (now.get(table) !== before) {
        findings.push(`${schema.database}: ${table} has ${now.get(table)} rows, not ${before}`);
      }
    }
    await engine.openScratch(session);
    // The pool's sessions belong to the deleted workspace.
    const { leaks, pool: _, ...rest } = database;
    const searched = leaks && fingerprints ? { leaks } : {};
    if (leaks && fingerprints) await writeSet({ engine, session }, leaks.sought, fingerprints);
    const sets = new Map<Scratch, Name>();
    for (const [scratch, pages] of chosen) {
      const set = engine.fingerprintSet(schema.database, `hashed keys ${sets.size}`);
      await writeSet({ engine, session }, set, pages);
      sets.set(scratch, set);
    }
    const changes = database.changes.map((one) => withoutScratch(engine, one, sets));
    again.push({ ...rest, session, changes, ...searched });
  }
  if (findings.length > 0) {
    const { name = "the workspace", consequence = "No snapshot was made." } = workspace;
    throw new ScrubError(
      "verification",
      `Cannot prove ${name}: ${findings.join("; ")}`,
      `${consequence} Then run again.`,
    );
  }
  const [first, ...others] = again;
  if (!first) throw new TypeError("Cannot verify again: there are no records");
  return await verify(workspace, [first, ...others], log);
}

/** Without the workspace's scratch; the rows that it chose are told by the hashes of their keys in these sets. */
function withoutScratch(
  engine: Engine,
  { change, evidence, expect: _expect, sizes: _sizes, ...rest }: ProvableChange,
  sets: ReadonlyMap<Scratch, Name>,
): ProvableChange {
  const { deletedKeys: _, ...whole } = change;
  const { sql } = engine.expressions;
  return {
    ...rest,
    change: whole,
    evidence: evidence.flatMap((one): readonly Evidence[] => {
      if (isForEveryRow(one)) return [one];
      const { onlyKeys, exceptKeys, ...about } = one;
      const keys = onlyKeys ?? exceptKeys;
      const set = keys && sets.get(keys);
      if (!set) return [];
      const among = hashedKeyIn(engine, change.table, set);
      return [{ ...about, where: onlyKeys ? among : sql`NOT (${among})` }];
    }),
  };
}

function tablesOf({ schema }: ScrubbedDatabase): readonly Table[] {
  const counted: readonly Table["kind"][] = ["table", "partitioned"];
  return schema.tables.filter(({ kind }) => counted.includes(kind));
}

async function countRows(
  engine: Engine,
  session: Session,
  database: string,
  tables: readonly Table[],
): Promise<ReadonlyMap<string, number>> {
  const { sql } = engine.expressions;
  const counts = new Map<string, number>();
  for (const table of tables) {
    const [row] = await session.scan(sql`SELECT count(*) AS n FROM ${engine.tableName(database, table)}`);
    counts.set(table.id, Number(row?.["n"]));
  }
  return counts;
}
