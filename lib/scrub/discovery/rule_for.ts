/** The rule that a finding suggests: the first of its class's that the column accepts. Never one that its strategy refuses. @module */

import { type Column, findColumn, type Schema, type Table } from "../../engine/schema.ts";
import { refuseKeyRule, refuseRule } from "../rules/bind.ts";
import type { ColumnRule, Json } from "../rules/definition.ts";
import { useIn } from "../rules/natural_keys.ts";
import { strategies } from "../rules/strategy/mod.ts";
import type { Finding, PersonalClass } from "./classes.ts";
import { nameWords } from "./name_words.ts";

/** Whether a rule can change a column and no other one: its strategy accepts it, and it is part of no key. */
export function fits(schema: Schema, table: Table, column: Column, rule: ColumnRule): boolean {
  const strategy = strategies.get(rule.strategy);
  return strategy !== undefined &&
    refuseRule(table, column, rule, strategy, new Set([column.name]), useIn(schema, table, column, strategy)) ===
      undefined;
}

/** The rule for what was found, also of a key that other columns repeat; or why there is none, as the end of a sentence. */
export function ruleFor(
  schema: Schema,
  table: Table,
  column: Column,
  { holds }: Finding,
): ColumnRule | { readonly refused: string } {
  const rules = candidates(holds, table, column);
  const found = rules.find((rule) => refuseKeyRule(schema, table, column, rule) === undefined);
  if (found) return found;
  const [first] = rules;
  return { refused: (first && refuseKeyRule(schema, table, column, first)) ?? "no strategy fits its type" };
}

/** Classes by whose values a text names a person. */
const naming: ReadonlySet<PersonalClass> = new Set<PersonalClass>([
  "mailAddress",
  "personName",
  "phone",
  "userName",
  "nationalInsurance",
  "nhsNumber",
  "paymentCard",
  "iban",
  "bankAccount",
  "taxNumber",
  "vehicle",
  "governmentId",
  "postalAddress",
  "ipAddress",
]);

/**
 * The rule that would keep a free text but for what the row's other columns say of a person; undefined where none of them does. It is
 * no suggestion in place of the safer one: what no column holds, such as a nickname, stays in the text, and no search finds it.
 *
 * @param changing The row's columns that rules change, with what they hold.
 */
export function freeTextRule(
  table: Table,
  column: Column,
  changing: ReadonlyMap<string, PersonalClass>,
): ColumnRule | undefined {
  const named = [...changing].filter(([name, holds]) => name !== column.name && naming.has(holds)).map(([name]) =>
    name
  );
  const fitting = named.filter((name) => {
    const needle = findColumn(table, name);
    return needle !== undefined && (needle.kind === "text" || needle.kind === "uuid");
  });
  if (fitting.length === 0 || column.kind !== "text") return undefined;
  return rule("freeText", fitting);
}

/** How a scrubber in TypeScript writes a rule, such as `template("Person {hash}")`. */
export function callOf({ strategy, with: parameter }: ColumnRule): string {
  return `${strategy}(${parameter === undefined ? "" : JSON.stringify(parameter)})`;
}

function rule(strategy: string, parameter?: Json): ColumnRule {
  return { strategy, ...(parameter !== undefined && { with: parameter }) };
}

const setNull = rule("setNull");
const emptied = rule("emptied");
const opaque = rule("opaque");
const lorem = rule("lorem");
const digits = rule("template", "{hash}");

/** A class's rules, best first. A value of the same kind keeps the application working; NULL and nothing are for the rest. */
function candidates(holds: PersonalClass, table: Table, column: Column): readonly ColumnRule[] {
  const words = ` ${nameWords(column.name).join(" ")} `;
  if (column.kind === "integer" || column.kind === "decimal") return numbers(holds);
  if (column.kind === "boolean") return [setNull, rule("constant", false)];
  if (column.kind === "date" || column.kind === "timestamp") return dates(table);
  if (column.kind === "json" || column.kind === "array") return [emptied, setNull];
  if (column.kind === "binary") return [setNull, emptied, opaque, rule("blank")];
  switch (holds) {
    case "mailAddress":
      return [rule("email"), setNull, opaque, emptied];
    case "personName":
      return [
        rule("name", { part: partOfName(words) }),
        rule("name"),
        rule("template", "Person {hash}"),
        digits,
        setNull,
        emptied,
        opaque,
      ];
    case "organisation":
      return [rule("organisation"), rule("template", "Organisation {hash}"), digits, setNull, emptied, opaque];
    case "phone":
      return [rule("phone"), setNull, emptied, opaque, digits];
    case "postalAddress":
      return [
        rule("postalAddress", { part: partOfAddress(words) }),
        rule("postalAddress"),
        lorem,
        setNull,
        emptied,
        digits,
      ];
    case "postcode":
      return [rule("postcode"), setNull, emptied, digits];
    case "ipAddress":
      return [rule("ipAddress"), setNull, emptied, opaque, digits];
    case "macAddress":
      return [rule("macAddress"), setNull, emptied, opaque, digits];
    case "paymentCard":
      return [rule("card"), setNull, emptied, digits];
    case "iban":
      return [rule("iban"), setNull, emptied, digits];
    case "nationalInsurance":
      return [rule("nationalInsurance"), setNull, emptied, digits];
    case "nhsNumber":
      return [rule("nhsNumber"), setNull, emptied, digits];
    case "bankAccount":
      return [rule("hash", { alphabet: "0123456789" }), setNull, digits, emptied, opaque];
    case "taxNumber":
    case "vehicle":
    case "governmentId":
      return [rule("hash", { alphabet: "0123456789ABCDEFGHJKLMNPRSTUVWXYZ" }), setNull, digits, emptied, opaque];
    case "passwordHash":
    case "token":
      return [opaque, digits, setNull, emptied];
    case "userName":
      return [rule("userName"), rule("template", "user-{hash}"), digits, opaque, setNull];
    case "url":
      return [rule("url"), rule("template", "https://www.example.com/{hash}"), setNull, emptied, digits];
    case "file":
      return [rule("template", "file-{hash}"), digits, setNull, emptied, opaque];
    case "sensitive":
    case "geolocation":
    case "birthDate":
      return [setNull, emptied, digits];
    case "device":
    case "json":
    case "freeText":
      return [lorem, emptied, setNull, digits];
  }
}

/** Within a year, by row: with one shift for all, one date that is known would tell the others. */
function dates({ primaryKey }: Table): readonly ColumnRule[] {
  const [by, ...more] = primaryKey;
  const shift = rule("shiftDate", by !== undefined && more.length === 0 ? { days: 365, by } : { days: 365 });
  return [shift, setNull, rule("constant", "1970-01-01")];
}

function numbers(holds: PersonalClass): readonly ColumnRule[] {
  const zero = rule("constant", 0);
  if (holds === "sensitive" || holds === "geolocation") return [setNull, zero];
  return [rule("integer"), setNull, zero, digits];
}

function partOfName(words: string): string {
  if (/ (first|given|middle|nick|fore|prenom|vorname|initial) /.test(words)) return "first";
  return / (last|family|maiden|sur|nom|nachname) /.test(words) ? "last" : "full";
}

function partOfAddress(words: string): string {
  if (/ (city|town|county|state|region|province|district|locality|suburb|borough|place|location|zone) $/.test(words)) {
    return "town";
  }
  return / (full|mailing|postal) /.test(words) ? "full" : "street";
}
