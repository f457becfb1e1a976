/** Why a column may stay as far as its name, type and values tell, without anything personal found in it. @module */

import { type Column, findColumn, findTable, type Schema, type Table } from "../../engine/schema.ts";
import { classify } from "./classify.ts";
import { namesCodes, things } from "./harmless_names.ts";
import type { ValueFinding } from "./by_value.ts";
import { nameWords } from "./name_words.ts";
import { personalSubject } from "./personal_names.ts";
import { isCatalogue } from "./table_subject.ts";

const plainKinds: readonly string[] = ["integer", "decimal", "boolean", "date", "timestamp", "uuid", "enum"];

/** A text of so many characters holds a code. */
const codeLength = 3;

/** What the text of something to choose from is called. Others, such as names of files, may come from whoever made it. */
const describing: ReadonlySet<string> = new Set(
  ("name title subtitle description text body content summary label heading caption keyword meta presentation introduction intro teaser header footer " +
    "help hint url uri link iso2 iso3 abbr excerpt question answer faq overview").split(" "),
);

/** Subjects by whose words numbers and codes are called, too. */
const ambiguous: ReadonlySet<string | undefined> = new Set(["identity", "money", "location", "contact"]);

/**
 * The reason; undefined where a person has to decide. For columns that {@linkcode classify} finds nothing in. It only proposes:
 * whoever reads the rules answers for them.
 */
export function reasonToKeep(schema: Schema, table: Table, column: Column, seen?: ValueFinding): string | undefined {
  const words = nameWords(column.name);
  const key = schema.foreignKeys.find(({ child, columns }) => child === table.id && columns.includes(column.name));
  if (key) {
    const parent = findTable(schema, key.parent);
    const repeated = parent && findColumn(parent, key.parentColumns[key.columns.indexOf(column.name)] ?? "");
    if (parent && repeated && classify(schema, parent, repeated)) return undefined;
    return `a foreign key to ${key.parent}`;
  }
  const subject = personalSubject(column.name);
  if (plainKinds.includes(column.kind)) {
    const refers = words.length > 1 && words.at(-1) === "id";
    if (subject !== undefined && !refers && !(ambiguous.has(subject) && column.kind !== "integer")) return undefined;
    return refers ? "it refers to a row" : `its name says nothing of a person, and its type is ${column.type}`;
  }
  if (column.kind === "array" && column.element !== undefined && plainKinds.includes(column.element)) {
    return subject === undefined ? `its name says nothing of a person, and its type is ${column.type}` : undefined;
  }
  const described = isCatalogue(table.name) ? `"${table.name}" describes what there is to choose from` : undefined;
  if (column.kind !== "text") return column.kind === "binary" ? described : undefined;
  if (seen?.codes) return "the values read are a few codes";
  if (namesCodes(words)) return `its name says "${words.at(-1)}"`;
  if ((column.length ?? codeLength + 1) <= codeLength) return `it holds ${column.length} characters`;
  const [thing, head] = words.slice(-2);
  if (
    head === "name" && thing !== undefined && things.has(thing) &&
    !/^(file|document|image|icon|folder|path|host|screen)$/.test(thing)
  ) {
    return `its name says "${thing} name"`;
  }
  return described !== undefined && thing !== "file" && describing.has(words.at(-1) ?? "") ? described : undefined;
}
