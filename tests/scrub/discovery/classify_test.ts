/** What discovery says of single columns, and why. Pure: no server. @module */

import { assertEquals } from "@std/assert";
import type { Column, ColumnKind, Schema, Table } from "../../../lib/engine/schema.ts";
import { findByValues } from "../../../lib/scrub/discovery/by_value.ts";
import { classify } from "../../../lib/scrub/discovery/classify.ts";
import { nameWords } from "../../../lib/scrub/discovery/name_words.ts";

function place(tableName: string, names: readonly string[], type = "varchar(255)", kind: ColumnKind = "text") {
  const columns = names.map((name): Column => ({
    name,
    type,
    kind,
    nullable: true,
    hasDefault: false,
    generated: false,
  }));
  const table: Table = {
    id: tableName,
    schema: "public",
    name: tableName,
    kind: "table",
    columns,
    primaryKey: [],
    uniqueKeys: [],
    rows: 0,
    bytes: 0,
    hasTriggers: false,
  };
  const schema: Schema = { engine: "postgresql", database: "d", version: 0, tables: [table], foreignKeys: [] };
  return { schema, table, columns };
}

const words: readonly (readonly [name: string, words: string])[] = [
  ["emp_FirstName", "emp first name"],
  ["zipcode", "postcode"],
  ["IPAddress", "ip address"],
  ["userEmailAddress2", "user email address 2"],
  ["addresses", "address"],
  ["EMAIL", "email"],
  ["dateOfBirth", "date of birth"],
  ["straße", "strasse"],
];

for (const [name, expected] of words) {
  Deno.test(`"${name}" is read as "${expected}"`, () => assertEquals(nameWords(name).join(" "), expected));
}

const named: readonly (readonly [table: string, column: string, holds: string | undefined])[] = [
  ["customers", "email", "mailAddress"],
  ["customers", "email_verified_count", undefined],
  ["products", "name", undefined],
  ["customers", "name", "personName"],
  ["suppliers", "company_name", "organisation"],
  ["orders", "status", undefined],
  ["orders", "currency", undefined],
  ["payments", "iban", "iban"],
  ["staff", "national_insurance_number", "nationalInsurance"],
  ["users", "password_digest", "passwordHash"],
  ["users", "reset_password_token", "token"],
  ["patients", "nhs_number", "nhsNumber"],
  ["comments", "body", "freeText"],
  ["templates", "body", undefined],
];

for (const [table, column, holds] of named) {
  Deno.test(`${table}.${column} holds ${holds ?? "nothing personal"} by its name`, () => {
    const { schema, table: found, columns: [only] } = place(table, [column]);
    assertEquals(only && classify(schema, found, only)?.holds, holds);
  });
}

const valued: readonly (readonly [what: string, values: readonly string[], holds: string | undefined])[] = [
  ["mail addresses", ["ada@post.test", "bea@post.test"], "mailAddress"],
  ["IBANs", ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"], "iban"],
  ["IBANs with a wrong check digit", ["GB83 WEST 1234 5698 7654 32"], undefined],
  ["card numbers", ["4111 1111 1111 1111", "5555555555554444"], "paymentCard"],
  ["card numbers with a wrong check digit", ["4111111111111112"], undefined],
  ["National Insurance numbers", ["AB123456C", "AB 12 34 56 C"], "nationalInsurance"],
  ["NHS numbers", ["943 476 5919"], "nhsNumber"],
  ["IP addresses of both versions", ["81.2.69.142", "2001:db8::1"], "ipAddress"],
  ["MAC addresses", ["00:1B:44:11:3A:B7"], "macAddress"],
  ["telephone numbers", ["+44 20 7946 0958", "020 7946 0018"], "phone"],
  ["dates", ["2024-01-02", "2024-03-04"], undefined],
  ["postcodes", ["SW1A 1AA", "M1 1AE"], "postcode"],
  ["JWTs", ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"], "token"],
  [
    "hashes of passwords",
    ["$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"],
    "passwordHash",
  ],
  ["documents with a mail address", ['{"id":1,"contact":{"email":"ada@post.test"}}'], "json"],
  ["documents without personal data", ['{"colour":"red","size":3}'], undefined],
  ["texts, of which one holds a mail address", ["Nothing", "Write to ada@post.test please", "Nothing"], "freeText"],
  ["names of persons", ["Ada Lovelace", "Grace Hopper", "Alan Turing"], "personName"],
  ["UUIDs", ["0f8fad5b-d9cb-469f-a165-708672895011"], undefined],
];

for (const [what, values, holds] of valued) {
  Deno.test(`values: ${what} are ${holds ?? "nothing personal"}`, () => {
    const { schema, table, columns: [only] } = place("things", ["x1"]);
    assertEquals(only && classify(schema, table, only, findByValues(values))?.holds, holds);
  });
}

Deno.test("the evidence quotes names and counts, and no value", () => {
  const { schema, table, columns: [only] } = place("customers", ["email"]);
  assertEquals(only && classify(schema, table, only, findByValues(["ada@post.test", "bea@post.test", "x"])), {
    holds: "mailAddress",
    confidence: "certain",
    evidence: 'its name says "email"; 2 of 3 values are written as a mail address',
  });
});

Deno.test("a list of a few codes is no text that people write, but may be a fact about a person", () => {
  const codes = findByValues(Array.from({ length: 40 }, (_, n) => n % 2 ? "open" : "done"));
  const writing = place("comments", ["body"]);
  const [body] = writing.columns;
  assertEquals(body && classify(writing.schema, writing.table, body, codes), undefined);
  const people = place("users", ["gender"]);
  const [gender] = people.columns;
  assertEquals(gender && classify(people.schema, people.table, gender, codes)?.holds, "sensitive");
});
