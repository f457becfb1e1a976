/** Documents of JSON: a type of MySQL's, and text to MariaDB, whose functions take each other's results for documents. @module */

import type { Sql } from "../../engine/sql.ts";
import { sql } from "./literals.ts";
import { mariadbOnly, spelledBy } from "./product.ts";

/** The text, which is valid JSON, as a document. */
export function document(text: Sql): Sql {
  return sql`${spelledBy({ mysql: "CAST(", mariadb: "JSON_COMPACT(" })}${text} ${
    spelledBy({ mysql: "AS JSON)", mariadb: ")" })
  }`;
}

/** The document as a value to compare, in which spaces, the order of keys and the spelling of numbers make no difference. */
export function normalDocument(text: Sql): Sql {
  const [before, after] = [
    sql`${mariadbOnly("CAST(")}${mariadbOnly("JSON_NORMALIZE(", normalizes)}`,
    mariadbOnly(")", normalizes),
  ];
  return sql`${before}${document(text)}${after}${mariadbOnly("AS BINARY)")}`;
}

/** The first MariaDB that has JSON_NORMALIZE; in 10.6 the order of keys makes a difference. */
const normalizes = 100700;

/** A document that another one takes in. MariaDB would take in the result of CASE, and a column, as a string. */
export function inDocument(document: Sql): Sql {
  return sql`${mariadbOnly("JSON_COMPACT(")}${document}${mariadbOnly(")")}`;
}
