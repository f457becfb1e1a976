/** Which columns the names of public applications' schemas let pass as structure, and which not. Pure: no server. @module */

import { assert, assertEquals } from "@std/assert";
import type { Schema, Table } from "../../../lib/engine/schema.ts";
import { isSpecialCategory, personalSubject } from "../../../lib/scrub/discovery/personal_names.ts";
import { structureOf } from "../../../lib/scrub/coverage/structural.ts";
import { type LabelledColumn, labelledColumns } from "./labelled_columns.ts";

/** At least this share of the harmless columns passes; the rest costs a look. */
const leastHarmless = 0.98;

function isStructural({ engine, column }: LabelledColumn): boolean {
  const table: Table = {
    id: "t",
    schema: "public",
    name: "t",
    kind: "table",
    columns: [column],
    primaryKey: [],
    uniqueKeys: [],
    rows: 0,
    bytes: 0,
    hasTriggers: false,
  };
  const schema: Schema = { engine, database: "d", version: 0, tables: [table], foreignKeys: [] };
  return structureOf(schema, table, column) !== undefined;
}

function names(columns: readonly LabelledColumn[]): readonly string[] {
  return columns.map(({ column }) => column.name);
}

const personal = labelledColumns.filter((column) => column.personal);
const harmless = labelledColumns.filter((column) => !column.personal);

Deno.test("the list has at least 300 columns, of both engines and both answers", () => {
  assert(labelledColumns.length >= 300, String(labelledColumns.length));
  assert(personal.length >= 150 && harmless.length >= 150);
  assertEquals(new Set(labelledColumns.map(({ engine }) => engine)).size, 2);
});

Deno.test("no column that holds a person's data passes as structure", () => {
  assertEquals(names(personal.filter(isStructural)), []);
});

Deno.test("nearly every harmless column passes as structure", () => {
  const refused = harmless.filter((column) => !isStructural(column));
  const share = 1 - refused.length / harmless.length;
  // deno-lint-ignore no-console
  console.log(`${harmless.length - refused.length} of ${harmless.length} harmless columns pass`);
  assert(share >= leastHarmless, `only ${share.toFixed(3)} pass; refused: ${names(refused).join(", ")}`);
});

const subjects: readonly (readonly [name: string, subject: ReturnType<typeof personalSubject>])[] = [
  ["date_of_birth", "birth"],
  ["userDOB", "birth"],
  ["homephone", "contact"],
  ["lastseenlat", "location"],
  ["IPAddress", "location"],
  ["annual_pay", "money"],
  ["hivpositive", "health"],
  ["blood_group", "health"],
  ["Staatsangehörigkeit", "ethnicity"],
  ["criminal_record", "crime"],
  ["D_O_B", "birth"],
  ["DoB", "birth"],
  ["возраст", "unreadable"],
  ["年齢", "unreadable"],
  ["straßenname", "location"],
  ["phone_verified_at", undefined],
  ["verified_phone", "contact"],
  ["number_of_pages", undefined],
  ["page_number", undefined],
  ["policy_number", "identity"],
  ["top_honest", undefined],
  ["homepage", undefined],
  ["", undefined],
];
for (const [name, subject] of subjects) {
  Deno.test(`the name "${name}" says ${subject ?? "nothing of a person"}`, () => {
    assertEquals(personalSubject(name), subject);
  });
}

for (const name of ["religion_id", "patient_diagnosis_id", "race_id", "union_member_id"]) {
  Deno.test(`a link called ${name} tells a special category of data by itself`, () => assert(isSpecialCategory(name)));
}

for (const name of ["address_id", "account_id", "parent_id", "page_id"]) {
  Deno.test(`a link called ${name} tells no special category of data`, () => assert(!isSpecialCategory(name)));
}
