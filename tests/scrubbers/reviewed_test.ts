/** Walks every entry of every scrubber's reviewed.json, and holds rules and reviews together against both dates. @module */

import { assertEquals } from "@std/assert";
import { definitionFor } from "../../lib/scrub/rules/bind.ts";
import { findColumn, findTable, type Schema } from "../../lib/engine/schema.ts";
import { accountFor } from "../../lib/scrub/coverage/coverage.ts";
import { readReviewed, reviewedColumns, shapeOf } from "../../lib/scrub/coverage/reviewed.ts";
import { scrubbers } from "../../scrubbers/mod.ts";
import { schemaNames } from "../fixtures/load.ts";
import { fixtureSchema } from "./fixture_schema.ts";
import { scrubberOf } from "./scrubber_of.ts";
import { sensitiveColumns } from "./sensitive_columns.ts";

/** In every database of Rails, and in no dump of a schema. */
const framework = new Map([
  ["schema_migrations", ["version"]],
  ["ar_internal_metadata", ["key", "value"]],
]);

const cases = await Promise.all(schemaNames.map(async (name) => ({ name, schema: await fixtureSchema(name) })));
const walked = scrubbers.map((scrubber) => {
  const entries = readReviewed(`reviewed.json of ${scrubber.name}`, scrubber.reviewed);
  const schemas = cases.filter(({ name }) => scrubberOf(name) === scrubber).map(({ schema }) => schema);
  return { scrubber, entries, columns: reviewedColumns(entries), schemas };
});

function typesIn(schemas: readonly Schema[], table: string, column: string): readonly string[] {
  return schemas.flatMap((schema) => {
    const found = findTable(schema, table);
    const its = found && findColumn(found, column);
    return its ? [shapeOf(its)] : [];
  });
}

for (const { scrubber: { name, ...scrubber }, entries, columns, schemas } of walked) {
  Deno.test(`${name}: every reviewed column is there at one of the two dates, with the type that was reviewed`, () => {
    const stale = columns.filter(({ table, column, type }) =>
      !framework.get(table)?.includes(column) && !typesIn(schemas, table, column).includes(type)
    );
    assertEquals(stale.map(({ table, column }) => `${table}.${column}`), []);
  });

  Deno.test(`${name}: no column is reviewed twice`, () => {
    const names = columns.map(({ table, column }) => `${table}.${column}`);
    assertEquals(names.filter((one, at) => names.indexOf(one) !== at), []);
  });

  Deno.test(`${name}: every reason says something, and says who and after what`, () => {
    const vague = entries.filter(({ reason, by, source }) =>
      [reason, by, source].some((text) => text.trim().length < 8)
    );
    assertEquals(vague, []);
  });

  Deno.test(`${name}: no review is of a whole table, so that a new column is drift`, () => {
    assertEquals(entries.filter((entry) => "table" in entry && !("column" in entry)), []);
  });

  Deno.test(`${name}: no column has both a rule and a review`, () => {
    const both = schemas.flatMap((schema) => {
      const { tables } = definitionFor({ name, ...scrubber }, schema);
      return columns.filter(({ table, column }) => {
        const rule = tables[table];
        return rule && "columns" in rule && Object.hasOwn(rule.columns, column);
      });
    });
    assertEquals(both.map(({ table, column }) => `${table}.${column}`), []);
  });
}

for (const { name, schema } of cases) {
  const scrubber = scrubberOf(name);
  const reviewed = readReviewed(name, scrubber.reviewed);
  const found = accountFor(schema, { objects: [] }, definitionFor(scrubber, schema), reviewed);

  Deno.test(`${name}: every column is accounted for`, () => {
    assertEquals(found.columnDrift.map(({ table, column }) => `${table.id}.${column.name}`), []);
    assertEquals(found.columns.length, schema.tables.reduce((sum, { columns }) => sum + columns.length, 0));
  });

  Deno.test(`${name}: no column of words is structural`, () => {
    const words = found.columns.filter(({ table, column, by }) =>
      by === "structural" &&
      !["integer", "uuid", "boolean", "timestamp"].includes(typesIn([schema], table, column)[0] ?? "")
    );
    assertEquals(words, []);
  });

  Deno.test(`${name}: no column of people, accounts or tokens is public, but what is published`, () => {
    const theirs = new Set(
      sensitiveColumns[name].flatMap(([table, columns, holds]) =>
        /[PST]/.test(holds) && !holds.includes("L") ? columns.split(" ").map((column) => `${table}.${column}`) : []
      ),
    );
    const open = found.columns.filter((one) => one.public !== undefined && theirs.has(`${one.table}.${one.column}`));
    assertEquals(open, []);
  });

  Deno.test(`${name}: only what is low or published was reviewed instead of ruled`, () => {
    const sensitive = new Set(
      sensitiveColumns[name].flatMap(([table, columns, holds]) =>
        holds.startsWith("L") ? [] : columns.split(" ").map((column) => `${table}.${column}`)
      ),
    );
    const kept = found.columns.filter(({ by, table, column }) =>
      by === "reviewed" && sensitive.has(`${table}.${column}`)
    );
    assertEquals(kept, []);
  });
}
