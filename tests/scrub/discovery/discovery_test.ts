/** How many personal columns of public schemas discovery finds, and how many of its findings are none. Pure: no server. @module */

import { assert, assertEquals } from "@std/assert";
import { classify } from "../../../lib/scrub/discovery/classify.ts";
import { findByValues } from "../../../lib/scrub/discovery/by_value.ts";
import { type LabelledColumn, type LabelledSchema, readPublicSchemas } from "./public_schemas.ts";
import { samplesOf } from "./sample_values.ts";

const schemas = readPublicSchemas(await Deno.readTextFile(new URL("public_schemas.txt", import.meta.url)));

/** Shares between 0 and 1. */
interface Figures {
  readonly recall: number;
  readonly precision: number;
}

/** A guess: whether the column is personal. */
type Guess = (schema: LabelledSchema, column: LabelledColumn) => boolean;

function measure(use: LabelledSchema["use"] | "all", guess: Guess): Figures {
  const counts = { found: 0, missed: 0, wrong: 0 };
  for (const schema of schemas.filter((one) => use === "all" || one.use === use)) {
    for (const column of schema.columns.filter(({ label }) => label !== "?")) {
      const said = guess(schema, column);
      if (column.label !== undefined) said ? counts.found++ : counts.missed++;
      else if (said) counts.wrong++;
    }
  }
  return {
    recall: counts.found / (counts.found + counts.missed),
    precision: counts.found / (counts.found + counts.wrong),
  };
}

const byMetadata: Guess = ({ schema }, { table, column }) => classify(schema, table, column) !== undefined;
const withSamples: Guess = ({ schema }, labelled) =>
  classify(schema, labelled.table, labelled.column, findByValues(samplesOf(labelled, 24))) !== undefined;

/** What a list of names finds: the floor that discovery has to beat. */
const dictionary = new Set(
  ("email email_address mail name first_name last_name firstname lastname full_name surname phone phone_number telephone mobile fax address " +
    "address1 address2 address_1 address_2 street city state zip zipcode zip_code postcode postal_code date_of_birth birth_date dob ip ip_address " +
    "current_sign_in_ip last_sign_in_ip user_agent password encrypted_password password_digest password_salt token reset_password_token confirmation_token " +
    "username login ssn national_insurance_number iban account_number gender salary latitude longitude comment comments note notes message")
    .split(" "),
);
const byDictionary: Guess = (_, { column }) => dictionary.has(column.name.toLowerCase());

Deno.test("the list has at least 600 columns of at least 8 schemas of both engines, and the six of the fixtures", () => {
  const columns = schemas.flatMap((schema) => schema.columns);
  assert(columns.length >= 8000, String(columns.length));
  assert(columns.filter(({ label }) => label !== undefined && label !== "?").length >= 2000);
  assert(schemas.length >= 30);
  assertEquals(new Set(schemas.map(({ engine }) => engine)).size, 2);
  assertEquals(schemas.filter(({ name }) => /-20(18|26)$/.test(name)).length, 6);
});

/** What is reached, rounded down: a change that loses more than a few columns fails. README tells the figures. */
const floors: readonly (readonly [what: string, use: LabelledSchema["use"] | "all", guess: Guess, least: Figures])[] = [
  ["by metadata, of all schemas", "all", byMetadata, { recall: 0.98, precision: 0.94 }],
  ["by metadata, of schemas held out", "held-out", byMetadata, { recall: 0.97, precision: 0.93 }],
  ["with samples, of all schemas", "all", withSamples, { recall: 0.995, precision: 0.97 }],
];

for (const [what, use, guess, least] of floors) {
  Deno.test(`personal columns are found ${what}`, () => {
    const { recall, precision } = measure(use, guess);
    // deno-lint-ignore no-console
    console.log(`${what}: recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`);
    assert(recall >= least.recall, `recall ${recall}`);
    assert(precision >= least.precision, `precision ${precision}`);
  });
}

Deno.test("a dictionary of exact names finds far less", () => {
  const { recall, precision } = measure("all", byDictionary);
  // deno-lint-ignore no-console
  console.log(`by a dictionary: recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`);
  assert(recall < 0.6, String(recall));
});
