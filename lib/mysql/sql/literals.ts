/** MySQL's tag, and literals and texts that mean the same under every sql_mode and character set. @module */

import { type Sql, sqlTag, trusted } from "../../engine/sql.ts";
import { mariadbOnly } from "./product.ts";

/** MySQL's tag. */
export const sql = sqlTag("`");

/**
 * A utf8mb4 literal. Anything but plain ASCII is written in hexadecimal, because what a backslash means in quotes depends on
 * sql_mode, and what bytes mean depends on the connection.
 */
export function textLiteral(value: string): Sql {
  // An executable comment may have to hold it.
  const plain = /^[A-Za-z0-9 !#$%&()*+,./:;<=>?@[\]^_{|}~-]*$/.test(value) && !/[*][/]|[/][*]/.test(value);
  if (plain) return trusted(`_utf8mb4'${value}'`);
  const digits = Array.from(new TextEncoder().encode(value), (byte) => byte.toString(16).padStart(2, "0"));
  return trusted(`_utf8mb4 X'${digits.join("")}'`);
}

/**
 * The text in utf8mb4, whatever the column's character set. MariaDB 11 finds no collation for it and a column of another character set
 * in one CASE, unless one is named.
 */
export function utf8(text: Sql): Sql {
  return sql`CONVERT(${text} USING utf8mb4)${mariadbOnly(`COLLATE ${exactCollation}`)}`;
}

/** A text of utf8mb4 in small letters. MariaDB's exact collation knows fewer of them than MySQL, as all of 10.6 do. */
export function lower(text: Sql): Sql {
  const folding = mariadbOnly("COLLATE utf8mb4_uca1400_nopad_as_cs", 101000);
  const [before, after] = [mariadbOnly("CONVERT("), mariadbOnly(`USING utf8mb4) COLLATE ${exactCollation}`)];
  return sql`${before}LOWER(${text}${folding})${after}`;
}

/** MariaDB's collation that compares texts byte by byte. */
export const exactCollation = "utf8mb4_nopad_bin";

/** The text's UTF-8 bytes, which compare one by one. */
export function bytes(text: Sql): Sql {
  return sql`CAST(CONVERT(${text} USING utf8mb4) AS BINARY)`;
}

/** A date and time in UTC with milliseconds: sessions of ours run in UTC. */
export function timestampLiteral(value: Date): Sql {
  return trusted(`TIMESTAMP'${value.toISOString().replace("T", " ").replace("Z", "")}'`);
}

/**
 * A type of the CAST function that holds every value of a column with this catalogue type, such as `int unsigned`.
 * Undefined for types that take text as it is.
 */
export function castType(type: string): Sql | undefined {
  const found = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?/.exec(type);
  switch (found?.[1]) {
    case "tinyint":
    case "smallint":
    case "mediumint":
    case "int":
    case "bigint":
      return type.includes("unsigned") ? sql`UNSIGNED` : sql`SIGNED`;
    case "year":
      return sql`UNSIGNED`;
    case "decimal":
      return sql`DECIMAL(${Number(found[2] ?? 10)}, ${Number(found[3] ?? 0)})`;
    case "float":
    case "double":
      return sql`DOUBLE`;
    case "date":
      return sql`DATE`;
    case "datetime":
    case "timestamp":
      return sql`DATETIME(6)`;
    case "time":
      return sql`TIME(6)`;
    default:
      return undefined;
  }
}
