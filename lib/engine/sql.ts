/** SQL that cannot be built by accident: names, finished pieces, and a tag that takes nothing else. @module */

/** The quotation mark of identifiers: PostgreSQL's `"`, MySQL's `` ` ``. */
export type IdentifierMark = '"' | "`";

/** The name of a schema, table or column, quoted part by part: a dot in a part is just a character. */
export class Name {
  readonly #parts: readonly string[];

  constructor(...parts: readonly string[]) {
    this.#parts = parts;
  }

  /**
   * The name as SQL.
   *
   * @throws {TypeError} where a part is empty or holds a NUL, which no server can name.
   */
  quote(mark: IdentifierMark): string {
    return this.#parts.map((part) => {
      if (part === "" || part.includes("\0")) throw new TypeError(`Cannot quote name ${JSON.stringify(part)}`);
      return mark + part.replaceAll(mark, mark + mark) + mark;
    }).join(".");
  }
}

/** Set once, by the class itself: nothing outside this file makes SQL from a string. */
let make: (text: string) => Sql;

/** A finished piece of SQL. Only a {@linkcode SqlTag}, {@linkcode joinSql} and {@linkcode trusted} make one. */
export class Sql {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static {
    make = (text) => new Sql(text);
  }

  /** The statement or expression as the server will read it. Never holds a password, key or value of a row. */
  get text(): string {
    return this.#text;
  }
}

/** Makes SQL from a template; each `${}` holds a name, a whole number, or SQL. A string does not type-check. */
export type SqlTag = (literals: TemplateStringsArray, ...parts: readonly (Sql | Name | number)[]) => Sql;

/**
 * The tag of one dialect.
 *
 * @throws {TypeError} (the tag) for a number that is not whole.
 */
export function sqlTag(mark: IdentifierMark): SqlTag {
  function render(part: Sql | Name | number): string {
    if (part instanceof Sql) return part.text;
    if (part instanceof Name) return part.quote(mark);
    if (!Number.isSafeInteger(part)) throw new TypeError(`Cannot write ${part} as SQL: it is no whole number`);
    return String(part);
  }
  return (literals, ...parts) => {
    const text = literals.map((literal, at) => {
      const part = parts[at];
      return part === undefined ? literal : literal + render(part);
    });
    return make(text.join(""));
  };
}

/**
 * Text that is SQL already: a scrubber author's fragment, or a type name as the server's own catalogue spells it.
 * A review should check every use.
 */
export function trusted(text: string): Sql {
  return make(text);
}

/** Pieces with a separator between them, as for a list of columns. */
export function joinSql(pieces: readonly Sql[], separator: string): Sql {
  return make(pieces.map((piece) => piece.text).join(separator));
}

/** SQL; or the first version of the server that has what it asks, and the SQL. */
export type VersionedSql = Sql | readonly [from: number, sql: Sql];

/** The SQL, where a server of this version has what it asks. */
export function ofVersion(sql: VersionedSql, version: number): readonly Sql[] {
  if (sql instanceof Sql) return [sql];
  const [from, own] = sql;
  return from <= version ? [own] : [];
}
