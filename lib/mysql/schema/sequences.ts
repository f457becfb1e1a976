/** MariaDB's sequences: where each stands, which columns it numbers, and which of them may hold a number that is a person's. @module */

import type { Cell, Session, Step } from "../../engine/engine.ts";
import { type Counter, isChosen } from "../../engine/counters.ts";
import { findColumn, type Schema } from "../../engine/schema.ts";
import type { FoundObject } from "../../engine/schema_objects.ts";
import { joinSql, Name, type Sql, trusted } from "../../engine/sql.ts";
import { sql, textLiteral } from "../sql/literals.ts";
import { productOf } from "../sql/product.ts";
import { tableName } from "../sql/table_name.ts";

interface Sequence {
  readonly name: string;
  /** What it numbers: columns with the next number of it and nothing else as default. */
  readonly columns: readonly { readonly table: string; readonly column: string }[];
  /** The next number that it gives or, with those that the server has in memory, a later one. */
  readonly next: bigint;
  readonly start: bigint;
  readonly step: bigint;
  readonly least: bigint;
  readonly most: bigint;
  readonly cache: bigint;
  readonly cycles: bigint;
}

/** Those of the session's database; none in MySQL. */
async function readSequences(session: Session): Promise<readonly Sequence[]> {
  if (await productOf(session) === "mysql") return [];
  const here = textLiteral(session.database);
  const names = (await session.query(sql`SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = ${here} AND table_type = 'SEQUENCE' ORDER BY table_name`)).map(({ name }) => String(name));
  if (names.length === 0) return [];
  const columns = await session.query(sql`SELECT table_name AS table_name, column_name AS name, column_default AS value
    FROM information_schema.columns WHERE table_schema = ${here} AND column_default LIKE 'nextval(%' ORDER BY table_name, ordinal_position`);
  const found: Sequence[] = [];
  for (const name of names) {
    const relation = new Name(session.database, name);
    const [row] = await session.query(
      sql`SELECT ${
        joinSql(
          Object.entries(numbers).map(([as, column]) => sql`CAST(${trusted(column)} AS CHAR) AS ${new Name(as)}`),
          ", ",
        )
      } FROM ${relation}`,
    );
    const next = `nextval(${relation.quote("`")})`;
    found.push({
      name,
      columns: columns.filter(({ value }) => value === next)
        .map((column) => ({ table: String(column.table_name), column: String(column.name) })),
      next: whole(row?.next),
      start: whole(row?.start),
      step: whole(row?.step),
      least: whole(row?.least),
      most: whole(row?.most),
      cache: whole(row?.cache),
      cycles: whole(row?.cycles),
    });
  }
  return found;
}

/** Columns of a sequence by what they are here. */
const numbers = {
  next: "next_not_cached_value",
  start: "start_value",
  step: "increment",
  least: "minimum_value",
  most: "maximum_value",
  cache: "cache_size",
  cycles: "cycle_count",
} as const;

function whole(value: Cell | undefined): bigint {
  if (typeof value !== "string") throw new TypeError("Cannot read a sequence: its number is none");
  return BigInt(value);
}

/**
 * The sequences that may hold a person's number for good: with a long number among its settings, or that stand at one and number no
 * column by which they could be set back.
 */
export async function suspectSequences(session: Session): Promise<readonly FoundObject[]> {
  const suspects = (await readSequences(session)).filter(({ columns, next, step, ...settings }) =>
    [step, settings.start, settings.least, settings.cache, settings.cycles].some((value) => !isChosen(value)) ||
    // The greatest that it may be is two less than a power of two.
    !isChosen(settings.most) && !isChosen(settings.most + 1n) ||
    columns.length === 0 && !isChosen(next) && !isChosen(next - step)
  );
  return suspects.map(({ name }) => ({ kind: "sequence", name, text: "none" }));
}

/** The sequences that number columns of the schema's tables. */
export async function readSequenceCounters(session: Session, schema: Schema): Promise<readonly Counter[]> {
  const found = await readSequences(session);
  return found.flatMap((sequence): readonly Counter[] => {
    const columns = sequence.columns.flatMap(({ table: id, column: name }) => {
      const table = schema.tables.find((one) => one.name === id);
      const column = table && findColumn(table, name);
      return column ? [{ table, column }] : [];
    });
    const { name, next, start, step, least, most } = sequence;
    return columns.length === 0 ? [] : [{
      name,
      last: next - step,
      initial: start - step,
      step,
      columns,
      sequence: { start, least, most },
    }];
  });
}

/**
 * The steps that set a sequence back: behind the greatest number of its columns (before the least, where it counts down), or to its
 * start. The statement takes no expression.
 */
export function restartSequence(
  { name, step, columns }: Counter,
  { start, least, most }: NonNullable<Counter["sequence"]>,
  { database }: Schema,
): readonly Step[] {
  const [extreme, furthest] = step < 0n ? [sql`MIN`, sql`LEAST`] : [sql`MAX`, sql`GREATEST`];
  const number = (value: bigint) => trusted(`${value}`);
  const values = columns.map(({ table, column }): Sql =>
    sql`COALESCE((SELECT ${extreme}(${new Name(column.name)}) FROM ${tableName(database, table)}), ${
      number(start - step)
    })`
  );
  const reached = values.length > 1 ? sql`${furthest}(${joinSql(values, ", ")})` : joinSql(values, "");
  const label = `restart ${name}`;
  return [
    {
      label,
      sql: sql`SET @datascrubber_next = LEAST(GREATEST(${reached} + ${number(step)}, ${number(least)}), ${
        number(most)
      })`,
    },
    {
      label,
      sql: sql`EXECUTE IMMEDIATE CONCAT(${
        textLiteral(`ALTER SEQUENCE ${new Name(database, name).quote("`")} RESTART WITH `)
      }, CAST(@datascrubber_next AS CHAR))`,
    },
  ];
}
