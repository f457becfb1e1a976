/** Reads what the planner must know of each table besides its columns and keys. @module */

import type { Cell, Session } from "../../engine/engine.ts";
import type { MysqlDetails } from "../../engine/mysql_details.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { productOf, spelledBy } from "../sql/product.ts";
import { copyObstacles, hasPrimaryKey, type Keyless } from "./copy_obstacles.ts";
import { readTriggers } from "./triggers.ts";

type Row = Readonly<Record<string, Cell>>;

/** The details of every base table of the session's database, or of those with these names alone, by the table's name. */
export async function readDetails(
  session: Session,
  names?: ReadonlySet<string>,
): Promise<ReadonlyMap<string, MysqlDetails>> {
  const here = textLiteral(session.database);
  const tables = await session.query(sql`SELECT table_name AS name, engine AS engine
    FROM information_schema.tables WHERE table_schema = ${here} AND table_type = 'BASE TABLE'`);
  const product = await productOf(session);
  const files = filesByTable(await readFiles(session), session.database, product === "mysql");
  const histograms = Map.groupBy(
    product === "mariadb" ? [] : await session.query(sql`SELECT table_name AS table_name, column_name AS column_name
      FROM information_schema.column_statistics WHERE schema_name = ${here} ORDER BY column_name`),
    ({ table_name }) => String(table_name),
  );
  const loose = new Set((await session.query(looseKeysQuery(here))).map(({ name }) => String(name)));
  const { keyless, requirePrimaryKey } = await readKeyless(session);
  const triggers = await readTriggers(session);
  const details = new Map<string, MysqlDetails>();
  for (const row of tables) {
    const name = String(row.name);
    if (names?.has(name) === false) continue;
    const storageEngine = String(row.engine);
    const definition = storageEngine === "FEDERATED"
      ? ""
      : await definitionOf(session, new Name(session.database, name));
    const own = triggers.get(name) ?? [];
    const file = files.get(name);
    details.set(name, {
      storageEngine,
      definition,
      triggers: own.map(({ trigger }) => trigger),
      obstacles: [
        ...copyObstacles(name, definition, { looseKey: loose.has(name), keyless }),
        ...own.flatMap(({ obstacle }) => obstacle === undefined ? [] : [obstacle]),
      ],
      ...(requirePrimaryKey && !hasPrimaryKey(definition) ? { mayNotBeRebuilt: true } : {}),
      ...(file?.shared === undefined ? {} : { sharedSpace: file.shared }),
      // Assumed of an InnoDB table whose name in the catalogue cannot be decoded, and of all in MariaDB, whose catalogue does not tell.
      hasRowVersions: file?.rowVersions ?? storageEngine === "InnoDB",
      histograms: (histograms.get(name) ?? []).map(({ column_name }) => String(column_name)),
    });
  }
  return details;
}

/** What SHOW CREATE TABLE says of a table of any database. */
export async function definitionOf(session: Session, table: Name): Promise<string> {
  const [row] = await session.query(sql`SHOW CREATE TABLE ${table}`);
  return String(row?.["Create Table"] ?? "");
}

/** Where the partitions of a definition begin: behind the columns, on a line of their own, which MySQL prints as a comment. */
export const partitionsBegin = /\n(?:\/\*!\d+)? PARTITION BY /;

interface File {
  /** Absent: the catalogue does not tell. */
  readonly rowVersions?: boolean;
  readonly shared?: string;
}

/** Only planning needs it; users with read access seldom have the privilege PROCESS that it needs. */
async function readFiles(session: Session): Promise<readonly Row[]> {
  const [row] = await session.query(
    sql`SELECT ${spelledBy({ mysql: "@@transaction_read_only", mariadb: "@@tx_read_only" })} AS looking`,
  );
  return row?.looking === 1 ? [] : await session.query(filesQuery());
}

/** All columns: total_row_versions came with 8.0.29, and before it no column could be dropped instantly. */
function filesQuery(): Sql {
  return sql`SELECT * FROM information_schema.${
    spelledBy({ mysql: "innodb_tables", mariadb: "innodb_sys_tables" })
  } WHERE name NOT LIKE 'mysql/%'`;
}

/** One entry a table; a partitioned one combines its partitions. */
function filesByTable(rows: readonly Row[], database: string, mayTell: boolean): ReadonlyMap<string, File> {
  const found = new Map<string, File>();
  for (const row of rows) {
    const [schema = "", table = ""] = String(row.NAME).split("/").map(fromFileName);
    if (schema !== database) continue;
    // A partition of it, or MariaDB's index of vectors, which has a file of its own.
    const name = table.replace(/#[pPi]#.*$/s, "");
    const before = found.get(name);
    const shared = before?.shared ?? sharedSpace(String(row.SPACE_TYPE));
    found.set(name, {
      ...(mayTell && { rowVersions: (before?.rowVersions ?? false) || Number(row.TOTAL_ROW_VERSIONS ?? 0) > 0 }),
      ...(shared === undefined ? {} : { shared }),
    });
  }
  return found;
}

function sharedSpace(spaceType: string): string | undefined {
  if (spaceType === "System") return "the system tablespace, ibdata1";
  return spaceType === "General" ? "a general tablespace" : undefined;
}

/** `a@002db` is `a-b` (MySQL Reference Manual, "Mapping of Identifiers to File Names"); other characters are not decoded. */
function fromFileName(name: string): string {
  return name.replaceAll(/@([0-9a-f]{4})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
}

/** Tables with a foreign key to columns that are no unique key: from 8.4 on such a key can't be created any more. */
function looseKeysQuery(here: Sql): Sql {
  return sql`SELECT DISTINCT table_name AS name FROM information_schema.referential_constraints
    WHERE constraint_schema = ${here} AND unique_constraint_name IS NULL`;
}

/**
 * What the server does about new tables without a primary key, and whether it refuses to rebuild one that has none. The variables are
 * absent before 8.0.30; MariaDB's own only forbids to create one.
 */
async function readKeyless(
  session: Session,
): Promise<{ readonly keyless: Keyless; readonly requirePrimaryKey: boolean }> {
  const rows = await session.query(sql`SELECT LOWER(variable_name) AS name FROM ${sessionVariables}
    WHERE variable_value IN ('ON', '1')
      AND variable_name IN ('sql_require_primary_key', 'sql_generate_invisible_primary_key', 'innodb_force_primary_key')`);
  const on = rows.map(({ name }) => String(name));
  const requirePrimaryKey = on.includes("sql_require_primary_key");
  if (on.includes("sql_generate_invisible_primary_key")) return { keyless: "given one", requirePrimaryKey };
  const refused = requirePrimaryKey || on.includes("innodb_force_primary_key");
  return { keyless: refused ? "refused" : "created", requirePrimaryKey };
}

const sessionVariables = sql`${
  spelledBy({ mysql: "performance_schema", mariadb: "information_schema" })
}.session_variables`;

/** Shows generated invisible primary keys like other columns: a copy would lose hidden ones. */
export async function showInvisibleKeys(session: Session): Promise<void> {
  const [row] = await session.query(sql`SELECT variable_value AS value FROM ${sessionVariables}
    WHERE variable_name = 'show_gipk_in_create_table_and_information_schema'`);
  if (row !== undefined) await session.query(sql`SET SESSION show_gipk_in_create_table_and_information_schema = ON`);
}
