/** Why a copy cannot replace a table, and how to define one that can. @module */

import { Name } from "../../engine/sql.ts";

/** What the server does about a new table without a primary key. */
export type Keyless = "created" | "given one" | "refused";

/** Facts from the catalogue besides the definition. */
export interface Circumstances {
  /** A foreign key of the table references columns without a unique key. */
  readonly looseKey: boolean;
  readonly keyless: Keyless;
}

/** Why a copy cannot replace the table, for people; empty: the definition makes the same table but for its rows. */
export function copyObstacles(
  table: string,
  definition: string,
  { looseKey, keyless }: Circumstances,
): readonly string[] {
  const found: string[] = [];
  if (!definition.startsWith(head(table))) found.push("its definition cannot be read");
  // A comment with these words counts, too: changing the table in place then only takes longer.
  if (/\b(DATA|INDEX) DIRECTORY\b/.test(definition)) found.push("it is in a directory of its own");
  // MariaDB keeps them, and shows them as a comment to a session that may not set them.
  if (/ \/\* `/.test(definition)) found.push("it has options that its storage engine does not know");
  if (looseKey) found.push("one of its foreign keys references columns without a unique key");
  if (keyless !== "created" && !hasPrimaryKey(definition)) {
    found.push(`it has no primary key, and a new table without one would be ${keyless}`);
  }
  return found;
}

/** Whether a definition names a primary key. */
export function hasPrimaryKey(definition: string): boolean {
  return /^ {2}PRIMARY KEY /m.test(definition);
}

/** How a definition of this table begins. */
export function head(table: string): string {
  return `CREATE TABLE ${new Name(table).quote("`")} (`;
}

/**
 * The definition of a copy in another database: its foreign keys reference the same tables as the original's. Names of CHECK
 * constraints and foreign keys are kept: they must be unique only within a database. A definition has one line for each part.
 */
export function definitionOfCopy(table: string, definition: string, database: string, copyDatabase: string): string {
  const own = new Name(database).quote("`");
  const parts = inherited(definition).slice(head(table).length).replaceAll(
    /^( {2}CONSTRAINT `(?:[^`]|``)+` FOREIGN KEY \((?:`(?:[^`]|``)+`(?:, )?)+\) REFERENCES )(`(?:[^`]|``)+` \()/gm,
    (_, key, parent) => `${key}${own}.${parent}`,
  );
  // ARCHIVE takes no id below the next one; its copy counts up to the same.
  const options = parts.replace(/^(\) ENGINE=ARCHIVE) AUTO_INCREMENT=\d+/m, "$1");
  return `CREATE TABLE ${new Name(copyDatabase, table).quote("`")} (${options}`;
}

/** A column of text as a definition's line begins, where only its collation follows. */
const collated = /^( {2}`(?:[^`]|``)+` (?:(?:enum|set)\((?:'(?:[^']|'')*',?)+\)|[a-z]+(?:\(\d+\))?)) COLLATE (\w+)/gm;

/**
 * The definition without the collation of columns that inherit the table's: the server shows it if it is not a default, and would
 * take it for the column's own.
 */
function inherited(definition: string): string {
  const table = /^\) ENGINE=.*? COLLATE=(\w+)/m.exec(definition)?.[1];
  return definition.replaceAll(collated, (all, column, collation) => collation === table ? column : all);
}
