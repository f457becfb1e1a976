/**
 * What the two products spell differently: MariaDB's and MySQL's own SQL in one statement, by executable comments, which each server
 * runs or skips by its own product and version, whatever it says of them (MySQL manual, "Comments"; MariaDB, "Comment Syntax").
 *
 * @module
 */

import type { Session } from "../../engine/engine.ts";
import { joinSql, type Sql, trusted } from "../../engine/sql.ts";

/** Whose server it is. */
export type Product = "mysql" | "mariadb";

/**
 * SQL that only MySQL reads, with nothing interpolated: comments do not nest.
 *
 * @throws {TypeError} where the text has a comment's own signs.
 */
export function mysqlOnly(text: string): Sql {
  return trusted(`/*!80000 ${plain(text)} */`);
}

/**
 * SQL that only MariaDB reads, of the version `from` (11.8 is 110800) or newer; otherwise as {@linkcode mysqlOnly}.
 *
 * @throws {TypeError} where the text has a comment's own signs.
 */
export function mariadbOnly(text: string, from = 100600): Sql {
  return trusted(`/*M!${from} ${plain(text)} */`);
}

/**
 * The spelling of each.
 *
 * @throws {TypeError} where a text has a comment's own signs.
 */
export function spelledBy(texts: Readonly<Record<Product, string>>): Sql {
  return joinSql([mysqlOnly(texts.mysql), mariadbOnly(texts.mariadb)], "");
}

function plain(text: string): string {
  if (/\/\*|\*\//.test(text)) throw new TypeError("Cannot put into an executable comment what holds a comment");
  return text;
}

const products = new WeakMap<Session, Promise<Product>>();

/** Whose server a session is on: a server may call its version anything. Asked once a session. */
export function productOf(session: Session): Promise<Product> {
  const known = products.get(session);
  if (known) return known;
  const own = spelledBy({ mysql: "'mysql'", mariadb: "'mariadb'" });
  const asked = session.query(trusted(`SELECT ${own.text} AS product`))
    .then(([row]): Product => row?.product === "mysql" ? "mysql" : "mariadb");
  products.set(session, asked);
  // A failed question is no answer.
  asked.catch(() => products.delete(session));
  return asked;
}
