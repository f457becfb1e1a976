/** What a column holds, by its name, its type, its table and its neighbours. Pure, and without values. @module */

import type { Column, Schema, Table } from "../../engine/schema.ts";
import type { Finding } from "./classes.ts";
import { isKnownWord, nameWords } from "./name_words.ts";
import { isHarmless, things } from "./harmless_names.ts";
import { isSpecialCategory as special, personalSubject, specialSubjects, type Subject } from "./personal_names.ts";
import { aspect, numeric, rules, type Seen } from "./name_rules.ts";
import { isCatalogue, tableSubject } from "./table_subject.ts";

/** Facts about a person: the subject's words in the name are enough, whatever the type. */
const telling: ReadonlySet<Subject> = new Set<Subject>([...specialSubjects, "hardship", "family", "birth", "death"]);

/** What a column seems to hold; undefined where its name tells nothing personal. */
export function findByName(schema: Schema, table: Table, column: Column): Finding | undefined {
  const seen = look(schema, table, column);
  if (
    column.kind === "boolean" && special(column.name) && !seen.catalogue && (seen.person || seen.subject === "person")
  ) {
    return {
      holds: "sensitive",
      confidence: "possible",
      evidence: `its name is about ${personalSubject(column.name)}`,
    };
  }
  if (
    column.kind === "boolean" || (column.kind === "timestamp" && !/ (birth|born|deceased|death|died) /.test(seen.name))
  ) {
    return undefined;
  }
  if (
    column.kind === "integer" &&
    /^ (has|had|have|is|was|no|not|need|want|can|can t|cannot|did|does|do|should|bought|paid|receive|received|report|wants|claim|claimed|include|residence exception) /
      .test(seen.name) &&
    !special(column.name)
  ) return undefined;
  if (seen.linked || (numeric.includes(column.kind) && aspect.test(seen.name))) return undefined;
  for (const { holds, name, not, kinds, when, confidence = "likely", because } of rules) {
    if (kinds && !kinds.includes(seen.kind) && !(seen.column.kind === "array" && kinds.includes("array"))) continue;
    if (name && !name.test(seen.name)) continue;
    if (not?.test(seen.name) || (name && aspect.test(seen.name) && !reachesEnd(name, seen.name))) continue;
    if (when && !when(seen)) continue;
    const evidence = [
      ...(name ? [`its name says "${matched(name, seen.name)}"`] : []),
      ...(because ? [because(seen)] : []),
    ];
    return { holds, confidence, evidence: evidence.join("; ") };
  }
  return findBySurroundings(seen);
}

/** What the type and the table suggest where the name says nothing: in doubt a document or a long text is personal. */
function findBySurroundings(seen: Seen): Finding | undefined {
  const { column, kind, name, table, subject, catalogue, linked } = seen;
  const about = personalSubject(column.name);
  if (
    about && telling.has(about) && !catalogue && kind !== "uuid" &&
    // Of which kind a vaccine is says nothing about who was given it.
    !(about === "health" && / (type|method|term|etag|system) $/.test(name)) &&
    (special(column.name) ? kind !== "decimal" || !/ amount /.test(name) : !numeric.includes(kind)) &&
    (special(column.name) || subject !== "other" || seen.person)
  ) {
    return { holds: "sensitive", confidence: "possible", evidence: `its name is about ${about}` };
  }
  if (catalogue || linked || / (faq|urn|ukprn|id) /.test(` ${table}${name}`)) return undefined;
  if (isHarmless(name) && !(kind === "json" && (subject === "person" || seen.person))) return undefined;
  const rows = `its table "${table.trim()}"`;
  if (
    kind === "json" &&
    !/ (setting|preference|option|permission|rule|template|cache|feature|config|report|course) /.test(name + table)
  ) {
    return { holds: "json", confidence: "possible", evidence: `a document in ${rows} may hold copies of rows` };
  }
  if (column.type === "tsvector") {
    return { holds: "freeText", confidence: "possible", evidence: "an index of words holds the words" };
  }
  const named = / (\w+) name $/.exec(name)?.[1];
  if (kind === "text" && named !== undefined && !things.has(named) && (seen.person || subject !== "other")) {
    return { holds: "personName", confidence: "possible", evidence: `its name says "${named} name"` };
  }
  const said =
    / (detail|information|info|reason|reasoning|statement|narrative|explanation|circumstance|feedback|comment|note|description|advice|introduction|experience|situation|nature|wish|why|answer|relationship|opinion|history|consideration|suggestion|impression|biography) /
      .test(name) && /^(text|varchar|character varying|mediumtext|longtext)/.test(column.type);
  const long = /^(text|mediumtext|longtext)\b/.test(column.type) ||
    (column.kind === "text" && (column.length ?? 0) >= 1000);
  if (
    long ||
    (said && kind === "text" && (column.length ?? 1000) >= 100 &&
      (subject !== "other" || seen.person ||
        !/ (description|answer|relationship|experience|history|nature|information|info|reason) $/.test(name) ||
        column.length === undefined))
  ) {
    return {
      holds: "freeText",
      confidence: "possible",
      evidence: long ? `long text in ${rows}` : `${rows} has rows of people's doing`,
    };
  }
  return undefined;
}

/** The name's head is part of what was found: `marital status` is no status of a marital. */
function reachesEnd(name: RegExp, words: string): boolean {
  const found = name.exec(words);
  return found !== null && found.index + found[0].length === words.length;
}

function matched(name: RegExp, words: string): string {
  return (name.exec(words)?.[0] ?? words).trim();
}

function look(schema: Schema, table: Table, column: Column): Seen {
  const { title, subject, catalogue, names } = tableFacts(table);
  const at = table.columns.indexOf(column);
  const neighbours = names.filter((_, other) => other !== at);
  return {
    column,
    person: neighbours.some((name) => reach.test(name)),
    kind: column.kind === "array" ? column.element ?? "other" : column.kind,
    name: names[at] ?? ` ${nameWords(column.name).join(" ")} `,
    table: title,
    subject,
    catalogue,
    neighbours,
    linked: schema.foreignKeys.some(({ child, columns }) => child === table.id && columns.includes(column.name)),
  };
}

/** Names of columns by which a person is reached or known. */
const reach =
  / (first name|last name|given name|family name|full name|email|email address|birth date|date of birth|phone|mobile|phone number|user name|login|password|national insurance number|nino|nhs number|ssn) $/;

/** What is the same for all columns of a table. */
interface TableFacts extends Pick<Seen, "subject" | "catalogue"> {
  readonly title: string;
  /** Of each column. */
  readonly names: readonly string[];
}

const known = new WeakMap<Table, TableFacts>();

function tableFacts(table: Table): TableFacts {
  const before = known.get(table);
  if (before) return before;
  const title = ` ${nameWords(table.name).join(" ")} `;
  const prefix = prefixOf(table);
  const names = table.columns.map(({ name }) => {
    const all = nameWords(name);
    return ` ${(all.length > 1 && all[0] === prefix ? all.slice(1) : all).join(" ")} `;
  });
  // Forms that were filled in, not the forms that an application offers: their columns say who did.
  const describesPersons = names.filter((name) => reach.test(name)).length >= 3;
  const facts: TableFacts = {
    title,
    // A client of an interface is no person.
    subject: / (api|oauth) /.test(title)
      ? "other"
      : describesPersons && isCatalogue(table.name)
      ? "person"
      : tableSubject(table.name),
    catalogue: isCatalogue(table.name) && !describesPersons,
    names,
  };
  known.set(table, facts);
  return facts;
}

/** The word that most names of a table begin with, where it is a short form: `emp_`, `ec_`. */
function prefixOf({ columns }: Table): string | undefined {
  const firsts = columns.map(({ name }) => nameWords(name)).flatMap(([first, ...rest]) =>
    first && rest.length > 0 ? [first] : []
  );
  const [most] = [...Map.groupBy(firsts, (word) => word)].sort(([, a], [, b]) => b.length - a.length);
  if (!most || most[1].length < 3 || most[1].length < columns.length * 0.4) return undefined;
  return /^[a-z]{1,6}$/.test(most[0]) && !isKnownWord(most[0]) ? most[0] : undefined;
}

/** Whether a name by itself, of a document's member for one, says something personal. */
export function nameSaysPersonal(name: string): boolean {
  const column: Column = {
    name,
    type: "text",
    kind: "text",
    nullable: true,
    hasDefault: false,
    generated: false,
    length: 100,
  };
  const table: Table = {
    id: "document",
    schema: "",
    name: "document",
    kind: "table",
    columns: [column],
    primaryKey: [],
    uniqueKeys: [],
    rows: 0,
    bytes: 0,
    hasTriggers: false,
  };
  const found = findByName(
    { engine: "postgresql", database: "", version: 0, tables: [table], foreignKeys: [] },
    table,
    column,
  );
  return found !== undefined && found.confidence !== "possible";
}
