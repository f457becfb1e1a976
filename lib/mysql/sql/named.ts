/**
 * Texts named in a row of their own, so that no expression repeats them: the server would compute the hash of a pseudonym once for each
 * time that it is written.
 *
 * @module
 */

import { joinSql, type Sql } from "../../engine/sql.ts";
import { exactCollation, sql } from "./literals.ts";
import { mariadbOnly, spelledBy } from "./product.ts";

/** A text of any character set, or bytes that are UTF-8, and its name. */
export type NamedText = readonly [text: Sql, as: Sql];

/**
 * A table of one row for FROM: the texts, over the columns of `from` or of the rows outside. In MySQL each keeps its type, and LIMIT keeps
 * the server from merging the table into the query again. In MariaDB no derived table sees a row outside, but JSON_TABLE does: there
 * they are utf8mb4 and compare byte by byte.
 */
export function named(texts: readonly NamedText[], alias: Sql, from?: Sql): Sql {
  const values = joinSql(
    texts.map(([text, as]) =>
      sql`${mariadbOnly("CONVERT(")}${text}${spelledBy({ mysql: `AS ${as.text}`, mariadb: "USING utf8mb4)" })}`
    ),
    ", ",
  );
  const columns = texts.map(([, as], at) => `${as.text} ${exactText} PATH '$[${at}]'`).join(", ");
  const [before, after] = from ? ["JSON_TABLE((SELECT JSON_ARRAY(", ")"] : ["JSON_TABLE(JSON_ARRAY(", ""];
  return sql`${spelledBy({ mysql: "(SELECT", mariadb: before })} ${values}${mariadbOnly(after)}${
    from ? sql` FROM ${from}` : sql``
  } ${spelledBy({ mysql: "LIMIT 1)", mariadb: `), '$' COLUMNS (${columns}))` })} AS ${alias}`;
}

/** MariaDB's type for text that compares byte by byte. */
export const exactText = `LONGTEXT CHARACTER SET utf8mb4 COLLATE ${exactCollation}`;
