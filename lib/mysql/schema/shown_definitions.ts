/**
 * What only SHOW CREATE prints. INFORMATION_SCHEMA leaves options of tables and partitions out and comments between parameters, and
 * shows a literal in the character set that it names: `_utf16'ann@zed.uk'` as five Chinese letters.
 *
 * @module
 */

import { serverCodeOf } from "../../engine/database_error.ts";
import type { Session } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import type { FoundObject } from "../../engine/schema_objects.ts";
import { Name, type Sql } from "../../engine/sql.ts";
import { longTokensIn } from "../../engine/token_shapes.ts";
import { withDecodedLiterals } from "../sql/decoded_literals.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { productOf } from "../sql/product.ts";
import { ofServer, routineName } from "./inventory_queries.ts";
import { sysExamples } from "./server_tables.ts";
import { definitionOf, partitionsBegin } from "./table_details.ts";

/** A definition, and the name of its object in the inventory. */
interface Shown {
  readonly kind: FoundObject["kind"];
  readonly name: string;
  /** Absent: of a view over a database that is not there, which the server prints no more. */
  readonly statement?: string;
}

/**
 * The objects with what SHOW CREATE prints added to their texts; a token that only it prints makes one sensitive, for no other search
 * finds it. Objects whose text is unreadable stay so.
 */
export async function withShownDefinitions(
  session: Session,
  objects: readonly FoundObject[],
): Promise<readonly FoundObject[]> {
  const known = objects.flatMap(({ text }) => typeof text === "string" ? [] : [text.body]).join("\n").toLowerCase();
  const programs = await programsAndViews(session, session.database);
  const shown = Map.groupBy(await readDefinitions(session, objects, programs), ({ kind, name }) => keyOf(kind, name));
  return objects.map((object) => {
    const own = shown.get(keyOf(object.kind, object.name)) ?? [];
    if (own.length === 0 || typeof object.text === "string") return object;
    const printed = own.flatMap(({ statement }) => statement ?? []);
    if (printed.length < own.length) return mayHideLiterals(object) ? { ...object, text: "unreadable" } : object;
    const statements = printed.map(withoutDefinerAndStatus);
    const hidden = statements.flatMap(notesAndLiterals).flatMap(longTokensIn).some((token) => !known.includes(token));
    return {
      ...object,
      text: { body: [object.text.body, ...statements.map(withDecodedLiterals)].join("\n") },
      ...(hidden && { holds: ["identifier"] as const }),
    };
  });
}

/**
 * As {@linkcode withShownDefinitions}, for the objects of `sys`, which anybody with the right may replace by others of the same names.
 * Of views only those are read that print other letters than ASCII: the server's own have none, and all such literals do.
 */
export async function withShownDefinitionsOfSys(
  session: Session,
  objects: readonly FoundObject[],
): Promise<readonly FoundObject[]> {
  const suspicious = new Set(
    objects.filter((object) => object.kind !== "view" || mayHideLiterals(object)).map(({ kind, name }) =>
      keyOf(kind, name)
    ),
  );
  const programs = (await programsAndViews(session, "sys"))
    .map((program) => ({ ...program, name: `sys.${program.object}` }))
    .filter(({ kind, name }) => suspicious.has(keyOf(kind, name)));
  const shown = Map.groupBy(await readDefinitions(session, objects, programs), ({ kind, name }) => keyOf(kind, name));
  return objects.map((object) => {
    const own = shown.get(keyOf(object.kind, object.name)) ?? [];
    if (own.length === 0 || typeof object.text === "string") return object;
    const printed = own.flatMap(({ statement }) => statement ?? []);
    if (printed.length < own.length) return { ...object, text: "unreadable" };
    const statements = printed.map((statement) =>
      withDecodedLiterals(withoutExamples(withoutDefinerAndStatus(statement)))
    );
    return { ...object, text: { body: [object.text.body, ...statements].join("\n") } };
  });
}

/** Whether a view's text prints literals of other character sets as letters beyond ASCII, which its statement tells apart. */
function mayHideLiterals({ text }: FoundObject): boolean {
  return typeof text !== "string" && /\P{ASCII}/u.test(text.body);
}

/**
 * Comments of the server's own in `sys` show values, and one has a sign of an address at the beginning of a line, whose end is printed
 * as a backslash and an n.
 */
function withoutExamples(statement: string): string {
  return sysExamples.reduce((sofar, example) => sofar.replaceAll(example, ""), statement.replaceAll(/\\[nrt]/g, "\n"));
}

function keyOf(kind: string, name: string): string {
  return JSON.stringify([kind, name]);
}

/** Programs and views whose text INFORMATION_SCHEMA shows: the user may see them. */
async function readDefinitions(
  session: Session,
  objects: readonly FoundObject[],
  programs: readonly Program[],
): Promise<readonly Shown[]> {
  const readable = new Set(
    objects.filter(({ text }) => typeof text !== "string").map(({ kind, name }) => keyOf(kind, name)),
  );
  const found: Shown[] = [];
  for (const { kind, name, place, object, type } of programs) {
    if (!readable.has(keyOf(kind, name))) continue;
    try {
      const [row] = await session.query(sql`SHOW CREATE ${type} ${new Name(place, object)}`);
      const statement = Object.entries(row ?? {}).find(([column]) => /^(Create |SQL Original)/.test(column))?.[1];
      found.push({ kind, name, statement: String(statement ?? "") });
    } catch (error) {
      if (kind !== "view" || serverCodeOf(error) !== "ER_BAD_DB_ERROR") throw error;
      found.push({ kind, name });
    }
  }
  return found;
}

interface Program extends Pick<Shown, "kind" | "name"> {
  /** Its database. */
  readonly place: string;
  readonly object: string;
  /** As SHOW CREATE names it. */
  readonly type: Sql;
}

async function programsAndViews(session: Session, place: string): Promise<readonly Program[]> {
  const here = textLiteral(place);
  const rows = await session.query(sql`
    SELECT routine_type AS type, routine_name AS object, ${routineName} AS name FROM information_schema.routines
      WHERE routine_schema = ${here}
    UNION ALL SELECT 'TRIGGER', trigger_name, CONCAT(trigger_name, ' on ', event_object_table)
      FROM information_schema.triggers WHERE trigger_schema = ${here}
    UNION ALL SELECT 'EVENT', event_name, event_name FROM information_schema.events WHERE event_schema = ${here}
    UNION ALL SELECT 'VIEW', table_name, table_name FROM information_schema.views WHERE table_schema = ${here}`);
  return rows.flatMap(({ type, object, name }) => {
    const known = types[String(type)];
    return known === undefined ? [] : [{ ...known, place, object: String(object), name: String(name) }];
  });
}

const types: Readonly<Record<string, Pick<Program, "kind" | "type">>> = {
  FUNCTION: { kind: "function", type: sql`FUNCTION` },
  PROCEDURE: { kind: "function", type: sql`PROCEDURE` },
  PACKAGE: { kind: "function", type: sql`PACKAGE` },
  "PACKAGE BODY": { kind: "function", type: sql`PACKAGE BODY` },
  TRIGGER: { kind: "trigger", type: sql`TRIGGER` },
  EVENT: { kind: "event", type: sql`EVENT` },
  VIEW: { kind: "view", type: sql`VIEW` },
};

/**
 * Accounts are searched by name, where a host's address is no person's. A run disables events: their text is to be the one that was
 * reviewed.
 */
function withoutDefinerAndStatus(statement: string): string {
  return statement.replace(/ DEFINER=(?:`(?:[^`]|``)*`@`(?:[^`]|``)*`|"(?:[^"]|"")*"@"(?:[^"]|"")*")/, "")
    .replace(/( ON COMPLETION (?:NOT )?PRESERVE) (?:ENABLE|DISABLE(?: ON (?:SLAVE|REPLICA))?)/, "$1");
}

/** Comments, and literals between quotes. */
function notesAndLiterals(statement: string): readonly string[] {
  return [...statement.matchAll(/\/\*.*?\*\/|(?:-- |#)[^\n]*|'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"/gs)]
    .map(([text]) => text);
}

/** Words for a compression, whatever the case. */
const compressions = /^(?:zlib|lz4|none|)$/i;

/** Options that INFORMATION_SCHEMA shows, or whose values are words or a few numbers of the server's; the others are read here. */
const optionsElsewhere = new RegExp(
  ` (?:${
    [
      "AUTO(?:EXTEND_SIZE|_INCREMENT)|AVG_ROW_LENGTH|CHECKSUM|COLLATE|DEFAULT CHARSET|DELAY_KEY_WRITE|ENCRYPTION|ENGINE",
      "INSERT_METHOD|KEY_BLOCK_SIZE|M(?:AX|IN)_ROWS|PACK_KEYS|ROW_FORMAT|(?:SECONDARY_)?ENGINE_ATTRIBUTE|SECONDARY_ENGINE",
      "STATS_(?:AUTO_RECALC|PERSISTENT|SAMPLE_PAGES)|PAGE_CHECKSUM|SEQUENCE|TRANSACTIONAL|`x+`",
    ].join("|")
  })=\\S+`,
  "g",
);

/**
 * Options of a database's tables and partitions that INFORMATION_SCHEMA does not show. The server keeps them for every storage
 * engine: a connection of one that has none, a tablespace or a compression that there is not, are a user's text. The next number,
 * which changes with the rows, is left out: auto_increment.ts reads it. A `schema` has most definitions already.
 */
export async function shownOptions(session: Session, schema?: Schema): Promise<readonly FoundObject[]> {
  const read = new Map(schema?.tables.flatMap(({ name, mysql }) => mysql ? [[name, mysql.definition]] : []));
  return await optionsOf(session, sql`table_schema = ${textLiteral(session.database)}`, ({ name }) => name, read);
}

/** The same of the tables that the server has itself. */
export async function shownOptionsOfServer(session: Session): Promise<readonly FoundObject[]> {
  return await optionsOf(session, ofServer, ({ place, name }) => `${place}.${name}`);
}

async function optionsOf(
  session: Session,
  where: Sql,
  called: (table: { readonly place: string; readonly name: string }) => string,
  read: ReadonlyMap<string, string> = new Map(),
): Promise<readonly FoundObject[]> {
  const tables = await session.query(sql`SELECT table_schema AS place, table_name AS name FROM information_schema.tables
    WHERE ${where} AND table_type = 'BASE TABLE' AND engine <> 'FEDERATED' ORDER BY table_schema, table_name`);
  const product = await productOf(session);
  const found: FoundObject[] = [];
  for (const row of tables) {
    const table = { place: String(row.place), name: String(row.name) };
    const { columns, options, partitions } = partsOf(
      read.get(table.name) ?? await definitionOf(session, new Name(table.place, table.name)),
    );
    // Also those of indexes, and of storage engines that know none: MariaDB's.
    const named = [...namedOptionsIn(columns), ...(product === "mariadb" ? namedOptionsOfPartitions(partitions) : [])];
    // MySQL names its system tablespace itself once a table in it has been rebuilt.
    const others = without(optionsElsewhere, options).replace(/ TABLESPACE `innodb_system`/, "")
      .replaceAll(/\/\*(?:!\d+)? *\*\/|^\n\)/g, "");
    const body = [
      ...(others.trim() === "" ? [] : [options.replace(/ AUTO_INCREMENT=\d+/, "")]),
      ...partitions.matchAll(
        / (?:(?:DATA|INDEX) DIRECTORY|TABLESPACE|M(?:AX|IN)_ROWS) = (?:'(?:[^'\\]|''|\\.)*'|\S+)/g,
      ),
      ...named,
      ...(product === "mariadb" ? strayCounterIn(columns, options) : []),
    ].map(String).join("\n");
    if (body === "") continue;
    const [, compression] = / COMPRESSION='((?:[^'\\]|''|\\.)*)'/s.exec(options) ?? [];
    const holds = [
      ...(/ (?:CONNECTION|PASSWORD)='/.test(options) ? ["secret" as const] : []),
      ...(compression !== undefined && !compressions.test(compression) ? ["identifier" as const] : []),
      ...(named.flatMap(longTokensIn).length > 0 ? ["identifier" as const] : []),
      // No other search finds these. InnoDB's tablespaces and the tables that one merges are there, and known by their names.
      ...(!/ ENGINE=InnoDB\b/.test(outlineOf(options)) &&
          longTokensIn(others.replace(/ UNION=\([^)]*\)/, "")).length > 0
        ? ["identifier" as const]
        : []),
    ];
    found.push({ kind: "option", name: `table ${called(table)}`, text: { body }, ...(holds.length > 0 && { holds }) });
  }
  return found;
}

/**
 * Options behind the columns, without the comment, which another query reads, and the partitions. Names and literals may hold
 * anything, also what looks like the beginning of these.
 */
function partsOf(statement: string): Record<"columns" | "options" | "partitions", string> {
  const outline = outlineOf(statement);
  const begin = outline.search(/\n\) (?:ENGINE=|\/\*!)/);
  const behind = outline.slice(begin).search(partitionsBegin);
  const end = behind < 0 ? statement.length : begin + behind;
  const comment = / COMMENT='x*'/.exec(outline.slice(begin, end));
  const [from, to] = comment ? [begin + comment.index, begin + comment.index + comment[0].length] : [end, end];
  return {
    columns: statement.slice(0, begin),
    options: statement.slice(begin, from) + statement.slice(to, end),
    partitions: statement.slice(end),
  };
}

/** As long as the statement, with nothing but an x for each letter of names and literals. */
function outlineOf(statement: string): string {
  return statement.replaceAll(
    /`(?:[^`]|``)*`|'(?:[^'\\]|''|\\.)*'/gs,
    (quoted) => quoted.charAt(0) + "x".repeat(quoted.length - 2) + quoted.charAt(0),
  );
}

/** Where the next number of a table stands that numbers no column. */
function strayCounterIn(columns: string, options: string): readonly string[] {
  return / AUTO_INCREMENT\b/.test(outlineOf(columns)) ? [] : / AUTO_INCREMENT=\d+/.exec(outlineOf(options)) ?? [];
}

/** Each `name`='value', as no expression is printed; a number may stand without quotes. */
function namedOptionsIn(columns: string): readonly string[] {
  return [...outlineOf(columns).matchAll(/`x+`=(?:'x*'|[^\s,]+)/g)].map(({ 0: found, index }) =>
    columns.slice(index, index + found.length)
  );
}

/** As {@linkcode namedOptionsIn}; a partition's are printed without signs around the name, as the server's own are. */
function namedOptionsOfPartitions(partitions: string): readonly string[] {
  const known = /^(?:COMMENT|DIRECTORY|ENGINE|M(?:AX|IN)_ROWS|NODEGROUP)$/;
  return [...outlineOf(partitions).matchAll(/(?<= )([^\s,()=']+) = (?:'x*'|[^\s,()]+)/g)].flatMap((found) => {
    const [all, name = ""] = found;
    if (known.test(name)) return [];
    const printed = partitions.slice(found.index, found.index + all.length);
    return [`\`${name}\`=${printed.slice(name.length + " = ".length)}`];
  });
}

/** The text without what a pattern finds outside of names and literals. */
function without(pattern: RegExp, text: string): string {
  let [rest, from] = ["", 0];
  for (const { 0: found, index } of outlineOf(text).matchAll(pattern)) {
    rest += text.slice(from, index);
    from = index + found.length;
  }
  return rest + text.slice(from);
}
