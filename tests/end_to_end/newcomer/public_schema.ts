/** Tables of a public schema as SQL, with a row in which every personal text holds a mark. @module */

import type { LabelledColumn, LabelledSchema } from "../../scrub/discovery/public_schemas.ts";
import { quoteName, quoteText } from "../../fixtures/database.ts";

/** Part of every planted value. */
export const planted = "zmark";

/** Types of the lists that an engine has under another name, or only with an extension. */
const types: Readonly<Record<"postgresql" | "mysql", readonly (readonly [RegExp, string])[]>> = {
  postgresql: [
    [/^(citext|hstore|enum|\w+_enum|geometry.*|geography|halfvec|virtual)$/, "text"],
    [/^double$/, "double precision"],
    [/^real$/, "real"],
  ],
  mysql: [[/^(enum|set)$/, "varchar(30)"], [/^geometry.*$/, "text"], [/^varchar$/, "varchar(255)"]],
};

/** Statements that create the tables and fill in a row each. */
export function statementsOf({ engine, columns, schema }: LabelledSchema): string {
  const quote = (name: string) => quoteName(engine, name);
  return schema.tables.map((table) => {
    const own = columns.filter((one) => one.table === table);
    const key = own.some(({ column }) => column.name === "id") ? [] : [
      engine === "mysql"
        ? "id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY"
        : "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    ];
    const definitions = own.map(({ column }) => `${quote(column.name)} ${typeOf(engine, column.type, own.length)}`);
    const marked = own.flatMap((one) => {
      const value = markOf(one);
      return value === undefined ? [] : [[quote(one.column.name), quoteText(engine, value)] as const];
    });
    return `CREATE TABLE ${quote(table.id)} (${[...key, ...definitions].join(", ")});` + (marked.length === 0 ? "" : `
INSERT INTO ${quote(table.id)} (${marked.map(([name]) => name).join(", ")}) VALUES (${
      marked.map(([, value]) => value).join(", ")
    });`);
  }).join("\n");
}

function typeOf(engine: "postgresql" | "mysql", type: string, width: number): string {
  const own = types[engine].find(([pattern]) => pattern.test(type))?.[1] ?? type;
  // A row of MySQL's has at most 65,535 bytes.
  return engine === "mysql" && width > 40 ? own.replace("varchar(255)", "varchar(100)") : own;
}

/** A value with the mark, where the column is personal and can hold one. */
function markOf({ column, label }: LabelledColumn): string | undefined {
  if (label === undefined || label === "?") return undefined;
  if (column.kind === "json") return JSON.stringify({ email: `${planted}@post.test` });
  if (column.kind !== "text" || (column.length ?? 99) < planted.length) return undefined;
  return label === "mail" && (column.length ?? 99) > 20 ? `${planted}@post.test` : planted;
}
