/** Values of any type as texts in which tokens can be found. @module */

import type { Column } from "../../engine/schema.ts";
import { joinSql, type Sql } from "../../engine/sql.ts";
import { sql, textLiteral, utf8 } from "../sql/literals.ts";
import { mariadbOnly, mysqlOnly, spelledBy } from "../sql/product.ts";

/** The value as text in which tokens can be found; undefined for types that hold none. */
export function searchable(value: Sql, column: Column): Sql | undefined {
  switch (column.kind) {
    case "text":
      return sql`CONVERT(${value} USING utf8mb4)`;
    case "json":
      return withBytes(value);
    case "uuid":
      return sql`CONVERT(CAST(${value} AS CHAR) USING utf8mb4)`;
    case "binary": {
      // As UTF-8 where it is that to its end: where it is not, versions differ in what they give instead. Otherwise every byte is a
      // character of latin1, and ASCII stays what it is.
      const bytes = sql`CAST(${value} AS BINARY)`;
      const isText = sql`${mysqlOnly("LENGTH(CONVERT(")}${bytes}${
        spelledBy({ mysql: "USING utf8mb4)) <=>", mariadb: `REGEXP ${validText} AND 0 <=` })
      } LENGTH(${bytes})`;
      return sql`IF(${isText}, CONVERT(${bytes} USING utf8mb4), CONVERT(CONVERT(${bytes} USING latin1) USING utf8mb4))`;
    }
    default:
      if (addresses.test(column.type)) return searchable(value, { ...column, kind: "uuid" });
      return ofBytes.test(column.type) ? searchable(value, { ...column, kind: "binary" }) : undefined;
  }
}

/** JSON has no bytes: the server prints those that a document got from a column of bytes, or a BLOB, so. */
const printedBytes = textLiteral('"base64:type');

/** The document's text, with the bytes in it once more as texts. MariaDB's documents are texts, and have none. */
function withBytes(document: Sql): Sql {
  const text = sql`CONVERT(CAST(${document} AS CHAR) USING utf8mb4)`;
  const item = sql`datascrubber_inside.item`;
  const bytes = searchable(sql`FROM_BASE64(SUBSTRING_INDEX(JSON_UNQUOTE(${item}), ':', -1))`, {
    name: "bytes",
    type: "longblob",
    kind: "binary",
    nullable: true,
    hasDefault: false,
    generated: false,
  });
  const texts = utf8(
    sql`(SELECT CAST(JSON_ARRAYAGG(CASE WHEN JSON_TYPE(${item}) IN (${bytesInJson}) THEN ${
      bytes ?? sql`NULL`
    } END) AS CHAR) FROM JSON_TABLE(JSON_EXTRACT(JSON_ARRAY(${document}), '$**[*]', '$**.*'), '$[*]'
    COLUMNS (item JSON PATH '$')) AS datascrubber_inside)`,
  );
  // By bytes: a comparison by a collation would take longer than the document's text.
  return sql`IF(${mariadbOnly("FALSE AND")} LOCATE(${printedBytes}, CAST(${document} AS BINARY)) > 0,
    COALESCE(CONCAT(${text}, ' ', ${texts}), ${unread}), ${text})`;
}

/** What JSON_TYPE calls them. */
export const bytesInJson: Sql = sql`'BLOB', 'BIT', 'OPAQUE'`;

/**
 * A pattern of bytes that are UTF-8 to their end (Unicode, table 3-7). To MariaDB a conversion of others is an error, or one warning for
 * each row.
 */
const validText = (() => {
  const rest = String.raw`[\x80-\xbf]`;
  const longer = [
    String.raw`[\x00-\x7f]++`,
    String.raw`[\xc2-\xdf]${rest}`,
    String.raw`\xe0[\xa0-\xbf]${rest}`,
    String.raw`[\xe1-\xec\xee\xef]${rest}{2}`,
    String.raw`\xed[\x80-\x9f]${rest}`,
    String.raw`\xf0[\x90-\xbf]${rest}{2}`,
    String.raw`[\xf1-\xf3]${rest}{3}`,
    String.raw`\xf4[\x80-\x8f]${rest}{2}`,
  ];
  return textLiteral(String.raw`\A(?:${longer.join("|")})*+\z`).text;
})();

/** MariaDB's types of addresses in a network. */
const addresses = /^inet[46]$/;

/** Types that are neither text nor numbers, in whose bytes text can be hidden. */
const ofBytes = /^(?:bit|vector|geom|point|linestring|polygon|multi)/;

/**
 * The texts one after the other, with a space between; NULLs are left out. CONCAT_WS gives NULL for a result that
 * max_allowed_packet forbids: EXP is out of range then, an error, or a text would pass unread.
 */
export function joined(texts: readonly Sql[]): Sql {
  if (texts.length === 0) return textLiteral("");
  return sql`COALESCE(CONCAT_WS(' ', ${joinSql(texts, ", ")}), ${unread})`;
}

/** Whether a text is among about one in `share`. */
export function oneIn(share: number, value: Sql): Sql {
  // With CRC32 the same rows would be chosen together whatever salt precedes the text.
  return sql`(MOD(CAST(CONV(LEFT(SHA2(${value}, 256), 8), 16, 10) AS UNSIGNED), ${share}) = 0)`;
}

/** An error, whatever the sql_mode, where it is evaluated: in place of a text that the server cannot hold. */
export const unread: Sql = sql`EXP(IF(LENGTH(@datascrubber_key) <=> 32, 1000, 1000))`;
