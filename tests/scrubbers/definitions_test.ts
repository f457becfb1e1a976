/** Holds the rules of every scrubber against the schemas of both dates and the list of sensitive columns. @module */

import { assert, assertEquals } from "@std/assert";
import { type ColumnKind, findColumn, findTable } from "../../lib/engine/schema.ts";
import { bind, definitionFor } from "../../lib/scrub/rules/bind.ts";
import type { ColumnRule, Definition } from "../../lib/scrub/rules/definition.ts";
import { readReviewed, reviewedColumns } from "../../lib/scrub/coverage/reviewed.ts";
import { schemaNames } from "../fixtures/load.ts";
import { fixtureSchema } from "./fixture_schema.ts";
import { scrubberOf } from "./scrubber_of.ts";
import { sensitiveColumns } from "./sensitive_columns.ts";

const cases = await Promise.all(schemaNames.map(async (name) => {
  const [schema, scrubber] = [await fixtureSchema(name), scrubberOf(name)];
  const reviewed = reviewedColumns(readReviewed(name, scrubber.reviewed));
  return { name, schema, scrubber, definition: definitionFor(scrubber, schema), reviewed };
}));

/** One sensitive column each, as `table.column`. */
const sensitive = cases.flatMap(({ name, schema, definition, reviewed }) =>
  sensitiveColumns[name].flatMap(([tableName, columns, holds]) =>
    columns.split(" ").map((columnName) => {
      const table = findTable(schema, tableName);
      const kind = table && findColumn(table, columnName)?.kind;
      return {
        place: `${name} ${tableName}.${columnName}`,
        kind,
        holds,
        rule: ruleFor(definition, tableName, columnName),
        review: reviewed.find((one) => one.table === tableName && one.column === columnName)?.entry.reason,
      };
    })
  )
);

/** Kinds of columns that hold words; the rest are keys, states and times. */
const wordy: readonly (ColumnKind | undefined)[] = ["text", "json", "array", "binary"];

function ruleFor(definition: Definition, table: string, column: string): ColumnRule | undefined {
  const rule = definition.tables[table];
  return rule && "columns" in rule ? rule.columns[column] : undefined;
}

function rulesOf(definition: Definition): [table: string, column: string, rule: ColumnRule][] {
  return Object.entries(definition.tables).flatMap(([table, rule]) =>
    !("columns" in rule)
      ? []
      : Object.entries(rule.columns).map(([column, one]): [string, string, ColumnRule] => [table, column, one])
  );
}

for (const { name, schema, scrubber, definition } of cases) {
  Deno.test(`${name}: every rule fits the schema`, () => {
    assert(bind(scrubber, schema).tables.length > 0);
  });

  Deno.test(`${name}: the definition is plain data`, () => {
    assertEquals(JSON.parse(JSON.stringify(definition)), definition);
  });

  Deno.test(`${name}: selections refer to earlier ones only`, () => {
    const names = Object.keys(definition.selections);
    const wrong = Object.entries(definition.selections).flatMap(([own, { where }], at) =>
      where.filter((part) =>
        typeof part === "object" && "selection" in part && !names.slice(0, at).includes(part.selection)
      ).map((part) => ({ own, part }))
    );
    assertEquals(wrong, []);
  });

  Deno.test(`${name}: every type that tells a selection's rows apart has its values listed`, () => {
    const read = Object.values(definition.selections).flatMap(({ of, where }) =>
      where.flatMap((part) =>
        typeof part === "object" && "column" in part && part.column.endsWith("_type") && findTable(schema, of)
          ? [`${of}.${part.column}`]
          : []
      )
    );
    const listed = (definition.knownValues ?? []).map(({ table, column }) => `${table}.${column}`);
    assertEquals([...new Set(read)].filter((one) => !listed.includes(one)), []);
  });

  Deno.test(`${name}: no value is listed twice, and every one is the name of a class`, () => {
    for (const { values } of definition.knownValues ?? []) {
      assertEquals(values.length, new Set(values).size);
      assertEquals(values.filter((value) => value !== null && !/^[A-Z][A-Za-z]+$/.test(value)), []);
    }
  });

  Deno.test(`${name}: every rule for some rows names a selection of its own table`, () => {
    const uses = Object.entries(definition.tables).flatMap(([table, rule]) => {
      if (!("columns" in rule)) return [];
      const names = [rule.deleteRows, ...Object.values(rule.columns).map(({ only }) => only)];
      return names.flatMap((used) => used === undefined ? [] : [{ table, of: definition.selections[used]?.of }]);
    });
    assertEquals(uses.filter(({ table, of }) => of !== table), []);
  });

  Deno.test(`${name}: every selection is used`, () => {
    const used = JSON.stringify([definition.tables, Object.values(definition.selections).map(({ where }) => where)]);
    assertEquals(Object.keys(definition.selections).filter((own) => !used.includes(`"${own}"`)), []);
  });
}

Deno.test("every rule is for a table and column of at least one of the two dates", () => {
  const wrong = cases.flatMap(({ scrubber, definition }) =>
    rulesOf(definition).filter(([table, column]) =>
      !(column in namesBetween) && !cases.some((other) => {
        const found = other.scrubber === scrubber ? findTable(other.schema, table) : undefined;
        return found && findColumn(found, column);
      })
    )
  );
  assertEquals(wrong, []);
});

/** Columns that came and went between the two dates. */
const namesBetween = { flexible_page_content: "2025-06-16 to 2025-08-20" };

Deno.test("the list of sensitive columns names columns that are there", () => {
  assertEquals(sensitive.filter(({ kind }) => kind === undefined), []);
});

Deno.test("every sensitive column that is not published has a rule", () => {
  assertEquals(sensitive.filter(({ holds, rule }) => !rule && holds !== "L P").map(({ place }) => place), []);
});

Deno.test("every sensitive column that holds words changes, but for published ones", () => {
  const kept = sensitive.filter(({ kind, holds, rule }) =>
    !holds.includes("L") && wordy.includes(kind) && rule?.strategy === "keep"
  );
  assertEquals(kept.map(({ place }) => place), []);
});

Deno.test("published data of office holders stays", () => {
  const published = sensitive.filter(({ holds }) => holds === "L P");
  assertEquals(published.filter(({ rule, review }) => rule || !review).map(({ place }) => place), []);
});

Deno.test("personal data, accounts and tokens change on all rows", () => {
  const some = sensitive.filter(({ holds, kind, rule }) =>
    /[PST]/.test(holds) && wordy.includes(kind) && rule?.only !== undefined
  );
  assertEquals(some.map(({ place }) => place), []);
});

Deno.test("account ids get the same strategy everywhere, so that joins stay", () => {
  const ids = sensitive.filter(({ place }) => /\.(uid|user_uid|signon_user_uid|last_edited_by_editor_id)$/.test(place));
  assertEquals([...new Set(ids.map(({ rule }) => rule?.strategy))], ["opaque"]);
});
